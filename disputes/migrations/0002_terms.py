"""The time limits of mediation and of confirmation; administrators change them on the settings page."""

from django.db import migrations

# (code, name, unit, length in days, source)
TERMS = [
    ("dispute.accept", "决定是否受理", "working", 3, "企业劳动争议协商调解规定 第 22 条"),
    ("dispute.contact", "联系对方当事人", "working", 3, "人民法院在线调解规则 第 15 条"),
    ("dispute.mediate.zj_org", "调解期限", "natural", 15, "浙江省劳动人事争议调解仲裁条例 第 10 条：收到申请之日起"),
    ("dispute.mediate.ent_committee", "调解期限（企业调解委员会）", "natural", 15, "企业劳动争议协商调解规定 第 29 条：受理之日起"),
    ("dispute.mediate.one_stop_new", "调解期限（新就业形态）", "natural", 15, "人社厅发〔2024〕4号：受理之日起，延期不超过 15 日"),
    ("dispute.mediate.court_pre", "调解期限（法院委派）", "natural", 30, "最高人民法院关于人民法院特邀调解的规定 第 27 条"),
    ("dispute.mediate.court_post", "调解期限（法院委托，普通程序）", "natural", 15, "最高人民法院关于人民法院特邀调解的规定 第 27 条"),
    ("dispute.mediate.court_post_simple", "调解期限（法院委托，简易程序）", "natural", 7, "最高人民法院关于人民法院特邀调解的规定 第 27 条"),
    ("dispute.mediate.arb_entrust", "调解期限（仲裁委托）", "working", 10, "劳动人事争议仲裁办案规则 第 70 条、第 80 条"),
    ("dispute.mediate.people_med", "调解期限（人民调解）", "natural", 30, "人民调解工作若干规定：一般在一个月内"),
    ("dispute.window.arbitration_review", "申请仲裁审查", "natural", 15, "企业劳动争议协商调解规定 第 27 条：协议生效之日起"),
    ("dispute.window.judicial", "申请司法确认", "natural", 30, "人民调解法 第 33 条、民事诉讼法 第 205 条：协议生效之日起"),
    ("dispute.breach", "选择救济途径", "working", 5, "登记未履行后"),
    ("dispute.archive", "立卷归档", "natural", 30, "结案后 30 日内"),
]  # fmt: skip


def fill(apps, schema_editor):
    Term = apps.get_model("casework", "Term")
    Term.objects.bulk_create(
        Term(code=code, name=name, unit=unit, length=length, source=source)
        for code, name, unit, length, source in TERMS
    )


class Migration(migrations.Migration):
    dependencies = [("disputes", "0001_initial"), ("casework", "0002_terms")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
