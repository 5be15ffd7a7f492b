from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    UPPER = "upper", _("上级总工会")
    DISTRICT = "district", _("区总工会")
    DEPARTMENT = "department", _("科室")
    TOWN = "town", _("镇街总工会")
    SERVICE_AREA = "service_area", _("片区")
    BASE_UNION = "base_union", _("基层工会")
    INDUSTRY_FEDERATION = "industry_federation", _("行业工会联合会")
    ALLIANCE = "alliance", _("新业态工会联盟")
    MEDIATION_CENTRE = "mediation_centre", _("调解中心")
    AGENCY = "agency", _("联动单位")


class Role(TextChoices):
    """What a posting lets a person do (domain 2.1)."""

    LIAISON = "liaison", _("驻联干部")
    LEADER = "leader", _("分管领导")
    CHIEF = "chief", _("主要领导")
    HANDLER = "handler", _("科室经办")
    TOWN = "town", _("镇街工会")
    CLERK = "clerk", _("回访督办")
    MEDIATOR = "mediator", _("调解员")
    HEAD = "head", _("调解中心负责人")
    PARTNER = "partner", _("联动单位人员")
    OFFICER = "officer", _("服务专员")
    AUDITOR = "auditor", _("安全审计员")
    ADMIN = "admin", _("系统管理员")


K = OrganisationKind

# The kinds of organisation that a role can be posted to.
ROLE_KINDS = {
    Role.LIAISON: {K.TOWN, K.SERVICE_AREA},
    Role.LEADER: {K.DISTRICT, K.UPPER},
    Role.CHIEF: {K.DISTRICT, K.UPPER},
    Role.HANDLER: {K.DEPARTMENT, K.MEDIATION_CENTRE},
    Role.TOWN: {K.TOWN},
    Role.CLERK: {K.DISTRICT},
    Role.MEDIATOR: {K.DEPARTMENT, K.MEDIATION_CENTRE},
    Role.HEAD: {K.MEDIATION_CENTRE},
    Role.PARTNER: {K.AGENCY},
    Role.OFFICER: {K.DEPARTMENT},
    Role.AUDITOR: {K.DISTRICT},
    Role.ADMIN: {K.DISTRICT},
}

# Whoever works in one of these is in no other district; an upper union sees figures of what is below it, never cases.
ROOT_KINDS = frozenset({K.UPPER, K.DISTRICT})
# Below which kinds a kind may stand in the tree; a district is a root unless an upper union stands above it.
PARENT_KINDS = {
    K.UPPER: frozenset({K.UPPER}),
    K.DISTRICT: frozenset({K.UPPER}),
    K.DEPARTMENT: frozenset({K.DISTRICT}),
    K.TOWN: frozenset({K.DISTRICT}),
    K.SERVICE_AREA: frozenset({K.DISTRICT, K.TOWN}),
    K.BASE_UNION: frozenset({K.DISTRICT, K.TOWN, K.SERVICE_AREA, K.INDUSTRY_FEDERATION, K.ALLIANCE}),
    K.INDUSTRY_FEDERATION: frozenset({K.DISTRICT, K.TOWN}),
    K.ALLIANCE: frozenset({K.DISTRICT, K.TOWN, K.SERVICE_AREA}),
    K.MEDIATION_CENTRE: frozenset({K.DISTRICT, K.DEPARTMENT, K.TOWN}),
    K.AGENCY: frozenset({K.DISTRICT}),
}

# Roles that see the cases of the whole district.
DISTRICT_WIDE = frozenset({Role.LEADER, Role.CHIEF, Role.CLERK})
# Roles that see the cases of the towns that they are posted to.
TOWN_ROLES = frozenset({Role.LIAISON, Role.TOWN})
# Roles that see what was given to their department or centre.
DEPARTMENT_ROLES = frozenset({Role.HANDLER, Role.MEDIATOR, Role.HEAD, Role.OFFICER})
# Whoever works on cases.
CASE_ROLES = DISTRICT_WIDE | TOWN_ROLES | DEPARTMENT_ROLES
# Roles that see the directory of enterprises and people; the auditor reads the log, not content, and the people of
# another body see no more than the cases that are shared with it.
DIRECTORY_ROLES = CASE_ROLES | {Role.ADMIN}
# Whoever keeps accounts must not be able to clean the log (domain 2.1).
INCOMPATIBLE_ROLES = (frozenset({Role.ADMIN, Role.AUDITOR}),)


class SizeClass(TextChoices):
    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")
    MICRO = "micro", _("微型")


class Industry(TextChoices):
    TEXTILE = "textile", _("纺织印染")
    APPAREL = "apparel", _("服装家纺")
    MACHINERY = "machinery", _("机械制造")
    ELECTRONICS = "electronics", _("电子信息")
    CHEMISTRY = "chemistry", _("化工建材")
    MEDICINE = "medicine", _("医药")
    FOOD = "food", _("食品酿造")
    CONSTRUCTION = "construction", _("建筑")
    LOGISTICS = "logistics", _("物流快递")
    CATERING = "catering", _("住宿餐饮")
    RETAIL = "retail", _("商贸")
    PROPERTY = "property", _("物业家政")
    PUBLIC = "public", _("公共服务")
    OTHER = "other", _("其他")


class EnterpriseStatus(TextChoices):
    ACTIVE = "active", _("在业")
    PROVISIONAL = "provisional", _("待核实")
    CLOSED = "closed", _("停业注销")


class Language(TextChoices):
    CHINESE = "zh-hans", "简体中文"
    ENGLISH = "en", "English"
