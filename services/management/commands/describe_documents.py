from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import translation

from unionops.packs.registry import Pack, packs

HEAD = """\
# Documents

Written by `manage.py describe_documents`; a test fails when it is stale.

Every document of the field, by its number, with where the product makes it and the test that makes it. A paper of a code is
asked for at `/meetings/packs/CODE/new/`: one about a case from the part 文书 of its page, a register from 材料和下载. Papers that
tell personal data in full say so before they are made, and each making stands among the readings of the case; whatever
names a child of a care class needs the access that a leader has approved. To add a paper, write what it says and add its
row to a module of `services/papers`: page, form, formats, rights and this table follow.
"""

DOCUMENTS = {
    "D1": "走访台账", "D2": "问题台账", "D3": "周通报", "D4": "月度交流会材料", "D5": "月度会议纪要", "D6": "季度分析报告", "D7": "年度评议表",
    "D8": "优秀调研成果、合理化建议申报表", "D9": "交办单、督办单", "D10": "整改清单", "D11": "反馈函、回访记录表", "D12": "调解登记表",
    "D13": "调解卷宗", "D14": "调解统计表", "D15": "重大劳动争议呈报表", "D16": "困难职工登记表、建档审批表", "D17": "困难职工公示表",
    "D18": "帮扶资金发放花名册", "D19": "年度复核表、退档表", "D20": "金秋助学申请表", "D21": "医疗互助参保花名册、理赔审核表、统计表",
    "D22": "托管班开班申请、报名表、协议书、签到接送表、安全检查表、经费申请表", "D23": "驿站一览表、巡查表、服务登记、三年建设进度表",
    "D24": "技术派工单、服务记录、成效确认书", "D25": "工会经费返还审批表、汇总表、缴费异常表", "D26": "隐患报告登记表、核查意见、奖励审批表",
    "D27": "建会情况表、会员花名册、集中入会名单", "D28": "集体合同台账、到期提醒、履约检查表", "D29": "监督提示函、意见书、建议书、送达回证",
    "D30": "法律援助审批表、结案报告", "D31": "活动方案、签到表、物资领用表、满意度表、经费结算表", "D32": "评家测评表与统计",
    "D33": "宣讲点单表、排班表", "D34": "年度“成绩单”", "D35": "个人信息告知书、单独同意书、未满十四周岁规则、影响评估表、访问日志",
}  # fmt: skip


class Page(NamedTuple):
    """A document that is a page or a file of a page instead of a paper of the table."""

    name: str
    address: str
    test: str


PAGES: dict[str, tuple[Page, ...]] = {
    "D8": (Page("优秀成果和合理化建议申报", "reviews:reviews", "tests/reviews/test_pages.py"),),
    "D11": (Page("诉求的回访记录", "visits:issues", "tests/visits/test_steps_matrix.py"),),
    "D18": (Page("发放花名册和银行清单（批次页，xlsx）", "claims:batches", "tests/services/test_hardship.py"),),
    "D35": (Page("儿童个人信息保护规则（公开页）", "childcare:rule", "tests/services/test_childcare.py"),),
}
# Which test makes a paper, by the module that gathers it; the first that fits.
TESTS = (
    ("services.hardship", "tests/services/test_hardship.py"), ("services.claims", "tests/services/test_hardship.py"),
    ("services.places", "tests/services/places/test_pages.py"), ("services.packs", "tests/services/test_figures.py"),
    ("services", "tests/services/test_papers.py"), ("disputes", "tests/disputes/test_papers.py"),
    ("visits.exchanges", "tests/packs/test_meeting_papers.py"), ("visits.analyses", "tests/packs/test_meeting_papers.py"),
    ("visits.reviews", "tests/reviews/test_blind.py"), ("visits", "tests/packs/test_papers.py"),
)  # fmt: skip


def proof_of(pack: Pack) -> str:
    """The test that makes it."""
    module = pack.gather.__module__
    return next((test for start, test in TESTS if module.startswith(start)), "")


def papers_of(number: str) -> list[Pack]:
    return [pack for pack in packs() if number in pack.documents.split()]


def page() -> str:
    """The page docs/documents.md."""
    with translation.override("zh-hans"):
        parts = [HEAD, "| document | made as | code or page | test |", "|---|---|---|---|"]
        for number, name in DOCUMENTS.items():
            parts += _lines(number, name)
    return "\n".join([*parts, ""])


def _lines(number: str, name: str) -> Iterator[str]:
    """Number and name stand in the first of its lines."""
    made = [
        (f"{pack.title} ({', '.join(sorted(form.value for form in pack.formats))})", pack.code, proof_of(pack))
        for pack in papers_of(number)
    ]
    made += [(found.name, reverse(found.address), found.test) for found in PAGES.get(number, ())]
    for at, (title, way, test) in enumerate(made):
        yield f"| {f'{number} {name}' if at == 0 else ''} | {title} | `{way}` | `{test}` |"


class Command(BaseCommand):
    help = "Write the table of documents: manage.py describe_documents > docs/documents.md"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(), ending="")
