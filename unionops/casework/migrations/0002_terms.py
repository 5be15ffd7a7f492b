"""Fill the table of time limits with the office's defaults; administrators change them on the settings page."""

from django.db import migrations

# (code, name, unit, length in days, source)
TERMS = [
    ("issue.submit", "登记后处理", "working", 1, "先解释或提交，不压在手上"),
    ("issue.dispatch", "交办", "working", 1, "提交后一个工作日内交办"),
    ("issue.resubmit", "补正后再提交", "working", 3, "退回补正"),
    ("issue.ruling", "退单裁定", "working", 1, "分管领导裁定退单"),
    ("issue.sign_for.1", "特急件签收", "natural", 0, "办理时限表 第 1 条：当日响应"),
    ("issue.sign_for.2", "急件签收", "working", 1, "办理时限表 第 2 条：1 个工作日"),
    ("issue.sign_for.3", "一般件签收", "working", 3, "办理时限表 第 3 条：3 个工作日"),
    ("issue.sign_for.4", "缓件签收", "working", 5, "办理时限表 第 4 条：5 个工作日"),
    ("issue.handle.1", "特急件办理", "natural", 3, "办理时限表 第 1 条：立即办理，每日报告"),
    ("issue.handle.2", "急件办理", "natural", 7, "办理时限表 第 2 条：7 个自然日"),
    ("issue.handle.3", "一般件办理", "working", 15, "办理时限表 第 3 条：15 个工作日"),
    ("issue.handle.4", "缓件办理", "natural", 30, "办理时限表 第 4 条：30 日，或列入整改清单"),
    ("issue.follow_up", "回访", "natural", 7, "反馈后 7 日内回访"),
]


def fill(apps, schema_editor):
    Term = apps.get_model("casework", "Term")
    Term.objects.bulk_create(
        Term(code=code, name=name, unit=unit, length=length, source=source)
        for code, name, unit, length, source in TERMS
    )


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
