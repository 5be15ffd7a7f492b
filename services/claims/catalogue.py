"""The programmes on the shape «claim», as rows of their columns; the installer adds the district and the department."""

from __future__ import annotations

from typing import Any

from ..enums import Applicant, Shape

PERSON, FIRM, UNION, NOBODY = Applicant.PERSON, Applicant.ENTERPRISE, Applicant.UNION, Applicant.ANONYMOUS
CARE, RIGHTS, BUILD, FORWARD = "帮扶", "维权", "组织建设", "发展"
PAYING = ["approve", "pay", "confirm_paid", "sign", "bank_return", "pay_again"]
PUBLIC = ["publish", "clear", "object", "settle_objection"]


def _field(key: str, label: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"key": key, "label": label, "kind": kind, **more}


def _row(
    code: str, catalogue: str, prefix: str, name: str, group: str, icon: str, summary: str, **more: Any
) -> dict[str, Any]:
    return {
        "code": code, "catalogue": catalogue, "prefix": prefix, "name": name, "group": group, "icon": icon,
        "summary": summary, "shape": Shape.CLAIM, "applicants": [PERSON], **more,
    }  # fmt: skip


PROGRAMMES: list[dict[str, Any]] = [
    _row(
        "hardship", "C38", "KN", "困难职工建档帮扶", CARE, "house-heart", "一户一档：核实、核对、公示后建档，每年复核。",
        steps=["check", "visit", "verify", *PUBLIC, *PAYING], is_public=True, keep_years=10,
        documents=["个人困难申请", "户口本", "家庭身份证复印件", "经济状况核对授权委托书"],
        limits={"publication_days": 5, "once_a_year": 1, "leader_ceiling": 20000},
        terms={"submitted": [5, "working"], "checked": [10, "working"], "visited": [10, "working"]},
        names={"verb:verify": "经济状况核对", "state:verified": "已核对"},
        fields=[
            _field("unit", "工作单位"), _field("union_member", "是工会会员", "yes_no"),
            _field("labour_since", "劳动关系起始", "day"), _field("diagnosis", "病情", "paragraph", sealed=True, public=False),
            _field("check_result", "核对结果", "choice", at="verify", required=True, choices=["属实", "部分属实", "不属实"]),
        ],
        figures=[{"label": "浦江 2024 年发放", "value": "28 万元"}, {"label": "临时性生活困难", "value": "100 余名 10 万余元"}],
    ),
    _row(
        "relief", "C39", "BF", "帮扶慰问发放", CARE, "gift", "两节送温暖、夏送清凉、金秋助学、送岗位，按在档家庭列名单发放。",
        steps=["check", *PAYING], keep_years=30, limits={"year_ceiling": 20000},
        fields=[
            _field("temporary", "临时救助（没有档案）", "yes_no"), _field("student", "学生姓名", sealed=True), _field("school", "学校和年级", sealed=True),
            _field("level", "就读阶段", "choice", choices=["小学", "初中", "高中和中职", "大专和高职", "本科", "研究生"]), _field("fee", "学费", "money"),
        ],
        figures=[{"label": "夏送清凉", "value": "1 万余名"}],
    ),
    _row(
        "mutual_aid", "C41", "HBX", "职工医疗互助理赔", CARE, "hospital", "参加互助的职工住院后申请补助。",
        steps=["check", "verify", *PAYING], is_public=True, documents=["医疗结算单", "发票", "出院小结"],
        limits={"case_ceiling": 20000}, terms={"submitted": [10, "working"]},
        fields=[
            _field("plan_year", "参保年度", "whole", required=True), _field("unit", "单位"),
            _field("item", "补助项目", "choice", required=True, choices=["住院自付", "重大疾病", "意外", "身故慰问"]),
            _field("discharged_on", "出院或发生日期", "day", required=True), _field("total_cost", "总费用", "money"),
            _field("own_cost", "个人自付", "money", counted=True), _field("diagnosis", "诊断", sealed=True),
        ],
        figures=[{"label": "2025 年度参保", "value": "528 家 29,428 人"}, {"label": "2024 年度理赔", "value": "9,000 余人次 125 万余元"}],
    ),
    _row(
        "rebates", "C23", "FH", "小微企业工会经费返还", BUILD, "arrow-repeat", "按入库数和当年政策测算，返还到单位工会账户。",
        applicants=[FIRM, UNION], steps=["check", "verify", *PAYING], keep_years=30,
        documents=["返还申请表", "工会法人资格证书", "开户许可", "收款收据"], limits={"once_a_year": 1},
        names={"verb:check": "镇街初审", "verb:verify": "财务审核", "state:verified": "已审核"},
        terms={"submitted": [10, "working"], "checked": [10, "working"]},
        fields=[
            _field("period", "所属年度", "whole", required=True), _field("staff", "职工数", "whole"),
            _field("payroll", "全年工资总额", "money", required=True), _field("received", "税务入库经费", "money", required=True),
        ],
        figures=[{"label": "光大芯业", "value": "12 万元"}],
    ),
    _row(
        "hazards", "C10", "YH", "职工有奖报告事故隐患", RIGHTS, "exclamation-triangle", "可匿名，报告人身份加密；查实按等级奖励。",
        applicants=[PERSON, NOBODY], steps=["check", "verify", *PAYING], is_public=True, is_confidential=True,
        names={"verb:check": "受理", "state:checked": "已受理", "verb:verify": "核查定级", "state:verified": "已定级", "verb:approve": "批准奖励", "verb:refuse": "不属实"},
        terms={"submitted": [5, "working"], "verified": [30, "natural"]}, limits={"case_ceiling": 3000},
        fields=[
            _field("place", "地点和部位", required=True), _field("hazard", "隐患情况", "paragraph", required=True),
            _field("told_firm", "已向单位报告过", "yes_no"), _field("reporter_note", "报告人说明", "paragraph", sealed=True),
            _field("grade", "等级", "choice", at="verify", required=True, choices=["可能导致事故", "可直接引发事故"]),
            _field("rectified", "整改情况", "paragraph", at="verify"),
        ],
        figures=[{"label": "奖励标准", "value": "2,000 元、3,000 元"}],
    ),
    _row(
        "legal_aid", "C15", "FY", "工会法律援助", RIGHTS, "bank", "咨询、代书、调解、仲裁和诉讼代理。",
        steps=["check", "verify", *PAYING[:3]], is_public=True,
        names={"verb:verify": "决定并指派", "state:verified": "已指派", "verb:approve": "批办案补贴"},
        terms={"submitted": [7, "natural"], "checked": [3, "natural"]},
        fields=[
            _field("matter", "事项", required=True), _field("kind", "援助方式", "choice", required=True, choices=["咨询", "代书", "调解", "仲裁代理", "诉讼代理"]),
            _field("limitation", "时效届满日", "day"), _field("lawyer", "承办律师", at="verify", required=True),
            _field("result", "结果", "paragraph", at="account"), _field("recovered", "挽回金额", "money", at="account", counted=True),
        ],
    ),
    _row(
        "supervision_letters", "C11", "JD", "劳动法律监督一函两书", RIGHTS, "envelope-exclamation", "提示函、意见书、建议书，十五个工作日内书面答复。",
        applicants=[FIRM], steps=["check", "verify"], deciders={"verb:check": ["leader", "chief"]},
        names={"state:submitted": "已拟稿", "verb:check": "签发", "state:checked": "已签发", "verb:verify": "送达", "state:verified": "已送达待答复", "verb:account": "办结"},
        terms={"checked": [3, "working"], "verified": [15, "working"]}, documents=["监督文书"],
        fields=[
            _field("letter", "文书", "choice", required=True, choices=["提示函", "意见书", "建议书"]),
            _field("facts", "事实", "paragraph", required=True), _field("basis", "依据", required=True), _field("demand", "要求", "paragraph"),
            _field("served_on", "送达日期", "day", at="verify", required=True), _field("served_how", "送达方式", "choice", at="verify", choices=["直接", "邮寄", "留置", "电子"]),
            _field("reply", "答复和改正", "choice", at="account", required=True, choices=["已改正", "部分改正", "未答复，转建议书", "拒不改正，转建议书"]),
        ],
    ),
    _row(
        "collective_contracts", "C16", "JT", "集体协商和工资集体合同", RIGHTS, "file-earmark-text", "要约、协商、职代会通过、审查备案、履约。",
        applicants=[FIRM, UNION], steps=["check", "verify", "approve"],
        names={"state:submitted": "已发要约", "verb:check": "登记应约", "state:checked": "协商中", "verb:verify": "登记职代会通过", "state:verified": "已通过", "verb:approve": "备案", "state:approved": "履行中", "verb:account": "到期结案"},
        deciders={"verb:approve": ["leader", "desk"]}, terms={"submitted": [10, "working"], "verified": [15, "natural"]},
        fields=[
            _field("kind", "种类", "choice", required=True, choices=["综合", "工资专项", "女职工专项", "安全专项", "行业", "区域"]),
            _field("firms", "覆盖企业", "whole", counted=True), _field("workers", "覆盖职工", "whole", counted=True),
            _field("vote", "到会和赞成人数", at="verify", required=True), _field("raise_rate", "工资增幅", "decimal", at="verify", unit="%"),
            _field("file_no", "备案号", at="approve"), _field("ends_on", "期满日", "day", at="approve", required=True),
            _field("performed", "履约检查", "choice", at="account", required=True, choices=["已履约", "部分履约", "未履约"]),
        ],
        figures=[{"label": "浦江 2024 年工资集体合同", "value": "1,000 余份，940 余家，近 4 万人"}, {"label": "履约率", "value": "98%"}],
    ),
    _row(
        "founding", "C19", "JH", "建会入会", BUILD, "diagram-3", "从线索到批复、选举、法人登记和开户。",
        applicants=[FIRM], steps=["check", "verify", "approve"], deciders={"verb:approve": ["leader"]},
        names={"state:submitted": "建会线索", "verb:check": "成立筹备组", "state:checked": "筹备中", "verb:verify": "收建会申请", "state:verified": "已申请", "verb:approve": "批复", "state:approved": "已批复", "verb:account": "登记开户完成"},
        terms={"verified": [15, "working"]},
        fields=[
            _field("staff", "职工数", "whole"), _field("women", "女职工数", "whole"), _field("new_form", "新就业形态人数", "whole", counted=True),
            _field("members", "会员数", "whole", at="verify", required=True, counted=True), _field("form", "组织形式", "choice", at="verify", choices=["基层委员会", "联合工会", "工会小组"]),
            _field("approval_no", "批复文号", at="approve", required=True), _field("term", "任期", "choice", at="approve", choices=["三年", "五年"]),
            _field("certificate", "法人资格证号", at="account"), _field("elected_on", "选举日期", "day", at="account"),
        ],
        figures=[{"label": "韵达绍兴", "value": "70 余家网点 640 余名快递员"}],
    ),
    _row(
        "membership", "C19", "RH", "职工入会", BUILD, "person-badge", "职工提出入会申请，基层工会审核，进会员名册；集中入会一次登记一批。",
        steps=["check"], is_public=True, keep_years=10,
        names={"state:submitted": "已申请入会", "verb:check": "审核入会", "state:checked": "会员", "verb:account": "终止会籍"},
        terms={"submitted": [10, "working"]},
        fields=[
            _field("sex", "性别", "choice", choices=["男", "女"]), _field("unit", "工作单位", required=True), _field("post", "岗位"),
            _field("new_form", "新就业形态", "choice", choices=["货车司机", "网约车司机", "快递员", "外卖配送员", "家政服务员", "其他"]),
            _field("gathering", "集中入会的场次", public=False), _field("joined_on", "入会日期", "day", at="check", required=True),
        ],
        figures=[{"label": "韵达绍兴快递员入会", "value": "640 余名"}],
    ),
    _row(
        "alliances", "C20", "GL", "工会联盟和行业联合会", BUILD, "diagram-2", "跨单位结成联盟：成员单位、轮值主席、共享的资源。",
        applicants=[UNION], steps=["check", "approve"], deciders={"verb:approve": ["leader"]},
        names={"state:submitted": "筹备中", "verb:check": "开成立会", "state:checked": "已开会", "verb:approve": "批复成立", "state:approved": "已成立", "verb:account": "登记完成"},
        fields=[
            _field("kind", "类型", "choice", required=True, choices=["行业联合会", "片区联盟", "新业态联盟"]),
            _field("member_unions", "成员单位", "whole", unit="家", required=True, counted=True),
            _field("workers", "覆盖职工", "whole", unit="名", counted=True), _field("chair", "轮值主席单位", at="check"),
            _field("shared", "共享的资源和活动", "paragraph", at="check"), _field("approval_no", "批复文号", at="approve", required=True),
        ],
        figures=[
            {"label": "黄岩首批", "value": "13 家 3,000 余名"}, {"label": "黄岩累计", "value": "99 家组织、738 家企业、9,071 人"},
            {"label": "越城快递行业联合会", "value": "5 家 2,200 名"},
        ],
    ),
    _row(
        "proposals", "C07", "JY", "合理化建议", FORWARD, "lightbulb", "职工提建议，科室评审，采纳后算效益给奖励。",
        steps=["check", "verify", *PAYING[:3]], is_public=True,
        names={"verb:check": "交办评审", "state:checked": "评审中", "verb:verify": "采纳", "state:verified": "已采纳", "verb:refuse": "不采纳", "verb:approve": "批准奖励"},
        terms={"submitted": [5, "working"], "checked": [20, "working"]},
        fields=[
            _field("unit", "单位"), _field("now", "现状", "paragraph", required=True), _field("proposal", "建议", "paragraph", required=True),
            _field("adopted", "采纳程度", "choice", at="verify", required=True, choices=["采纳", "部分采纳"]),
            _field("benefit", "财务确认的效益", "money", at="account", counted=True),
        ],
        figures=[{"label": "荆门石化解决诉求", "value": "366 条"}, {"label": "办理民生实事", "value": "74 件"}],
    ),
    _row(
        "brands", "C21", "PP", "基层工会品牌和实事项目", BUILD, "award", "年初立项，过程看进度，年底验收。",
        applicants=[UNION, FIRM], steps=["check", "approve"],
        names={"state:submitted": "已申报", "verb:check": "初评", "verb:approve": "立项", "state:approved": "实施中", "verb:account": "验收结项"},
        fields=[
            _field("goal", "目标", "paragraph", required=True), _field("milestones", "节点", "paragraph"),
            _field("served", "服务职工", "whole", at="account", counted=True), _field("done_share", "完成率", "decimal", at="account", unit="%", required=True),
        ],
    ),
    _row(
        "benefits", "C51", "FL", "会员福利慰问", CARE, "balloon-heart", "结婚、生育、住院、退休、去世和生日慰问。",
        steps=["check", *PAYING], is_public=True, documents=["证明材料"], limits={"case_ceiling": 2000, "year_ceiling": 4000},
        fields=[
            _field("unit", "单位"), _field("kind", "慰问类别", "choice", required=True, choices=["结婚", "生育", "住院", "退休", "去世", "生日"]),
            _field("event_on", "发生日期", "day", required=True),
        ],
    ),
    _row(
        "startups", "C36", "CY", "创业就业扶持", FORWARD, "rocket-takeoff", "创业者建档、结对导师、扶持、跟踪带动就业。",
        steps=["check", "verify", *PAYING], is_public=True,
        names={"verb:verify": "入孵", "state:verified": "孵化中", "verb:approve": "批准扶持"},
        fields=[
            _field("project", "项目", required=True), _field("mentor", "导师", at="verify", required=True),
            _field("support", "扶持内容", "many", at="approve", choices=["贷款", "场地", "优惠券", "订单", "补贴"]), _field("jobs", "带动就业", "whole", at="account", counted=True),
        ],
        figures=[{"label": "福州中心", "value": "173 支团队，1,736 人就业"}],
    ),
    _row(
        "stability", "C17", "PC", "职工队伍稳定排查", RIGHTS, "shield-check", "逐户看工资、订单和裁员，分红黄绿三级跟踪。",
        applicants=[FIRM], steps=["check", "verify"],
        names={"state:submitted": "待排查", "verb:check": "登记排查", "state:checked": "已排查", "verb:verify": "定级", "state:verified": "跟踪中", "verb:account": "解除"},
        fields=[
            _field("staff", "职工数", "whole", at="check"), _field("paid_to", "工资发到", "day", at="check", required=True),
            _field("arrears", "欠薪", "money", at="check", counted=True), _field("layoffs", "拟裁员", "whole", at="check"),
            _field("risk", "风险等级", "choice", at="verify", required=True, choices=["红", "黄", "绿"]), _field("measure", "措施", "paragraph", at="verify"),
        ],
        figures=[{"label": "浦江 2024 年", "value": "600 余家"}],
    ),
    _row(
        "health_followup", "C64", "JK", "劳模健康跟踪", CARE, "heart-pulse", "本人同意后建随访，只记时间，不记病情。",
        steps=["check"], is_confidential=True,
        names={"verb:check": "开始随访", "state:checked": "随访中", "verb:account": "结束随访"},
        fields=[
            _field("consent", "本人书面同意", "yes_no", required=True), _field("title", "荣誉称号", required=True),
            _field("next_visit", "下次随访", "day", at="check"), _field("notes", "随访记录", "paragraph", at="check", sealed=True),
        ],
    ),
    _row(
        "retreats", "C46", "LXY", "职工疗休养", CARE, "tree", "单位报计划和名册，按年度限额审批，回来结算。",
        applicants=[FIRM, UNION], steps=["check", *PAYING[:3], "sign"], limits={"case_ceiling": 500000},
        names={"state:submitted": "已报计划", "verb:account": "结算"},
        documents=["名册", "行程", "保险单"],
        fields=[
            _field("people", "人数", "whole", required=True, counted=True), _field("base", "疗休养基地", required=True),
            _field("starts_on", "开始日期", "day", required=True), _field("days", "天数", "whole", required=True), _field("insurance", "保险单号"),
        ],
        figures=[{"label": "浦江 2024 年", "value": "1.2 万余人，超 2,400 万元"}],
    ),
]  # fmt: skip
