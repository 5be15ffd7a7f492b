"""The list of disputes as a workbook: what everybody who sees a case sees, never what was said in it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from unionops.casework.enums import Urgency
from unionops.org.enums import CASE_ROLES
from visits.exporting import Column, Table

from .causes import Cause
from .enums import (
    ApplicationForm,
    CaseGrade,
    DisputeState,
    FailReason,
    Outcome,
    RefusalReason,
    RuleProfile,
    Source,
    TransferReason,
)

# The people of a partner organisation read what is shared with them and take no list away.
EXPORTING_ROLES = CASE_ROLES

DISPUTES = Table(
    _("调解案件"),
    (
        Column(_("编号"), "number", 22),
        Column(_("争议"), "title", 44),
        Column(_("状态"), "state", 10, dict(DisputeState.choices)),
        Column(_("案由"), "cause", 16, dict(Cause.choices)),
        Column(_("来源"), "source", 12, dict(Source.choices)),
        Column(_("申请方式"), "application_form", 14, dict(ApplicationForm.choices)),
        Column(_("轻重缓急"), "urgency", 9, dict(Urgency.choices)),
        Column(_("等级"), "grade", 8, dict(CaseGrade.choices)),
        Column(_("调解组织"), "organisation__name", 20),
        Column(_("镇街"), "town__name", 14),
        Column(_("收到日期"), "received_on"),
        Column(_("受理日期"), "accepted_on"),
        Column(_("首席调解员"), "mediator__name", 10),
        Column(_("时限规则"), "rule_profile", 18, dict(RuleProfile.choices)),
        Column(_("调解到期日"), "term__due_on"),
        Column(_("当前期限"), "deadline__due_on"),
        Column(_("涉及人数"), "people_count", 9),
        Column(_("集体争议"), "is_collective", 9),
        Column(_("新就业形态"), "new_employment", 11),
        Column(_("请求金额（元）"), "amount_claimed", 15),
        Column(_("调解结果"), "outcome", 12, dict(Outcome.choices)),
        Column(_("结案日期"), "ended_on"),
        Column(_("不予受理事由"), "refusal_reason", 16, dict(RefusalReason.choices)),
        Column(_("不成原因"), "fail_reason", 16, dict(FailReason.choices)),
        Column(_("移送事由"), "transfer_reason", 16, dict(TransferReason.choices)),
        Column(_("移送单位"), "transferred_to", 18),
        Column(_("委派委托案号"), "commission_number", 20),
        Column(_("登记人"), "registered_by__name", 10),
    ),
    ("-registered_at", "-pk"),
)
