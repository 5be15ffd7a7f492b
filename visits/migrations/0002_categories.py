"""Fill the two-level table of issue categories (domain 2.5); administrators change it on the settings page."""

from django.db import migrations

CATEGORIES = [
    ("ORG", "建会入会", "Union founding & membership", [
        ("新建工会", "New union"), ("换届选举", "Election"), ("会员入会", "Joining"), ("新业态入会", "Joining (new forms)"),
        ("法人登记", "Legal registration"), ("组织规范化", "Good order"), ("工会活力", "Union vitality")]),
    ("FUND", "工会经费", "Union funds", [
        ("小微返还", "Small-firm refund"), ("经费拨缴", "Contribution"), ("经费使用", "Use of funds"), ("账户开设", "Bank account")]),
    ("EMPL", "劳动用工", "Employment compliance", [
        ("合同签订", "Contracts"), ("规章制度", "Rules"), ("工时休假", "Hours & leave"), ("劳务派遣", "Agency work"), ("试用期", "Probation"),
        ("实习暑期工", "Interns"), ("超龄用工", "Over-age workers"), ("社保缴纳", "Social insurance")]),
    ("WAGE", "工资", "Pay", [
        ("欠薪", "Wage arrears"), ("加班费", "Overtime pay"), ("最低工资", "Minimum wage"), ("工资集体协商", "Wage bargaining"),
        ("高温津贴", "Heat allowance"), ("生育津贴", "Maternity allowance"), ("计件提成", "Piece rates")]),
    ("SKILL", "技能培训", "Skills", [
        ("培训需求", "Training need"), ("师资对接", "Trainers"), ("等级认定", "Skill grading"), ("技能竞赛", "Contests"),
        ("学历提升", "Education"), ("技术难题", "Technical problem")]),
    ("SAFE", "安全隐患", "Safety & health", [
        ("消防", "Fire safety"), ("设备", "Machines"), ("职业危害", "Occupational hazard"), ("高温", "Heat"),
        ("重大隐患", "Major hazard"), ("劳保用品", "Protective gear")]),
    ("RECRUIT", "招工用工", "Recruitment", [
        ("季节性缺工", "Seasonal shortage"), ("留人难", "Retention"), ("招聘会", "Job fair"), ("转岗", "Transfer"), ("大学生就业", "Graduates")]),
    ("HARD", "困难帮扶", "Hardship", [
        ("因病致困", "Illness"), ("因残致困", "Disability"), ("子女上学", "Schooling"), ("意外", "Accident"), ("临时困难", "Temporary"), ("送温暖", "Winter relief")]),
    ("SOCIAL", "交友婚恋", "Friendship & marriage", [("联谊需求", "Meeting people"), ("活动参与", "Events")]),
    ("LAW", "法律服务", "Legal service", [("法律咨询", "Advice"), ("法律援助", "Legal aid"), ("普法", "Legal education"), ("调解申请", "Mediation request")]),
    ("MED", "医疗互助", "Medical mutual aid", [("参保", "Enrolment"), ("理赔", "Claims"), ("政策解释", "Policy")]),
    ("CULT", "文体活动", "Culture & sport", [("场地", "Venues"), ("社团", "Clubs"), ("赛事", "Matches"), ("书屋", "Reading rooms"), ("疗休养", "Retreats")]),
    ("NEW", "新就业形态", "New employment forms", [
        ("驿站", "Stations"), ("停车充电", "Parking & charging"), ("平台规则", "Platform rules"), ("意外伤害", "Injury"), ("派单", "Dispatching")]),
    ("CHILD", "托育子女", "Child care", [("托管班", "Care class"), ("入学", "School places"), ("妈咪小屋", "Mothers' rooms")]),
    ("WOMAN", "女职工权益", "Women's rights", [("孕产哺乳", "Maternity"), ("假期", "Leave"), ("就业歧视", "Discrimination")]),
    ("ENV", "生产生活条件", "Working & living conditions", [
        ("停车棚", "Bike sheds"), ("宿舍", "Dormitory"), ("食堂", "Canteen"), ("交通", "Commuting"), ("车间环境", "Workshop")]),
    ("DEMO", "民主管理", "Democratic management", [("职代会", "Workers' congress"), ("厂务公开", "Open books"), ("合理化建议", "Proposals")]),
    ("ENT", "企业发展", "Firm's difficulties", [("政策", "Policy"), ("融资", "Finance"), ("用电", "Power"), ("审批", "Approvals"), ("证照", "Licences")]),
    ("OTH", "其他", "Other", []),
]  # fmt: skip


def fill(apps, schema_editor):
    Category = apps.get_model("visits", "Category")
    for position, (code, name, name_en, children) in enumerate(CATEGORIES, start=1):
        parent = Category.objects.create(code=code, name=name, name_en=name_en, position=position * 100)
        Category.objects.bulk_create(
            Category(
                parent=parent,
                code=f"{code}-{number:02d}",
                name=child,
                name_en=child_en,
                position=position * 100 + number,
            )
            for number, (child, child_en) in enumerate(children, start=1)
        )


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
