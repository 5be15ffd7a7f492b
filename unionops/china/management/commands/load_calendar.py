from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from unionops.china.days import FIRST_YEAR, LAST_YEAR, fill_calendar, unconfirmed_years


class Command(BaseCommand):
    help = "写入工作日历：已公布年份的节假日和调休，未公布年份的暂定日历；本单位录入的日子不会被改动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=int, default=FIRST_YEAR, metavar="YEAR")
        parser.add_argument("--to", dest="last", type=int, default=LAST_YEAR, metavar="YEAR")

    def handle(self, *args: object, first: int, last: int, **options: object) -> None:
        filled = fill_calendar(first, last)
        self.stdout.write(_("日历：新增 %(added)d 天，更新 %(changed)d 天。") % filled._asdict())
        if years := unconfirmed_years():
            self.stdout.write(_("尚未公布、按暂定计算的年份：%s。") % "、".join(map(str, years)))
