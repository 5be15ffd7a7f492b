"""The programmes on the shape «claim», as rows of their columns; the installer adds the district and the department."""

from __future__ import annotations

from typing import Any

from ..enums import Applicant, Shape

PERSON, FIRM, UNION, NOBODY = Applicant.PERSON, Applicant.ENTERPRISE, Applicant.UNION, Applicant.ANONYMOUS
CARE, RIGHTS, BUILD, FORWARD = "帮扶", "维权", "组织建设", "发展"
PAYING = ["approve", "pay", "confirm_paid", "sign", "bank_return", "pay_again"]
# The twelve matters at which a union looks (domain C11), in the words of an office; a district may word them otherwise.
MATTERS = [
    "招用和就业", "劳动合同", "集体合同", "工作时间和休息休假", "工资支付", "劳动安全卫生和职业病", "女职工和未成年工保护", "职业培训", "社会保险和福利",
    "劳务派遣和外包", "民主管理和厂务公开", "其他劳动法律的执行",
]  # fmt: skip
PUBLIC = ["publish", "clear", "object", "settle_objection"]


def _field(key: str, label: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"key": key, "label": label, "kind": kind, **more}


def _registration(*asked: tuple[str, str, str]) -> list[dict[str, Any]]:
    """What the first check writes into the registration form; nobody must answer it (domain 4.1, D16)."""
    return [
        _field(key, label, "choice", at="check", choices=choices.split()) if choices else _field(key, label, at="check")
        for key, label, choices in asked
    ]


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
            *_registration(
                ("nation", "民族", ""), ("politics", "政治面貌", "群众 共青团员 中共党员 民主党派"), ("marital", "婚姻状况", "未婚 已婚 离异 丧偶"),
                ("residence", "户口类型", "本地城镇 本地农村 外来城镇 外来农村"), ("work_state", "工作状态", "在职 下岗 失业 退休 灵活就业"),
                ("firm_state", "企业状况", "正常 停产半停产 关闭破产 改制"), ("self_help", "自救能力", "有 部分 无"),
                ("medical_insurance", "医疗保险", "职工医保 居民医保 没有"), ("model_title", "劳模称号", ""),
            ),
            _field("jobless_family", "零就业家庭", "yes_no", at="check"), _field("single_parent", "单亲家庭", "yes_no", at="check"),
            _field("subsistence", "已领低保金", "money", at="check", unit="元/月"),
            _field("check_result", "核对结果", "choice", at="verify", required=True, choices=["属实", "部分属实", "不属实"]),
        ],
        figures=[{"label": "浦江 2024 年发放", "value": "28 万元"}],
    ),
    _row(
        "relief", "C39", "BF", "帮扶慰问发放", CARE, "gift", "两节送温暖、夏送清凉、金秋助学、送岗位，按在档家庭列名单发放。",
        steps=["check", *PAYING], keep_years=30, limits={"year_ceiling": 20000},
        fields=[
            _field("temporary", "临时救助（没有档案）", "yes_no"), _field("student", "学生姓名", sealed=True), _field("school", "学校和年级", sealed=True),
            _field("level", "就读阶段", "choice", choices=["小学", "初中", "高中和中职", "大专和高职", "本科", "研究生"]), _field("fee", "学费", "money"),
            _field("parcels", "发放物资", "whole", unit="份", counted=True), _field("helped", "其中困难职工", "whole", unit="名", counted=True),
            _field("giver", "发放人", at="sign"),
        ],
        figures=[
            {"label": "临时性生活困难", "value": "100 余名"}, {"label": "临时性生活困难发放", "value": "10 万余元"},
            {"label": "夏送清凉", "value": "1 万余名"}, {"label": "荆门石化一年帮扶", "value": "2300 万元"},
        ],
    ),
    _row(
        "mutual_aid", "C41", "HBX", "职工医疗互助理赔", CARE, "hospital", "参加互助的职工住院后申请补助。",
        steps=["check", "verify", *PAYING], is_public=True, documents=["医疗结算单", "发票", "出院小结"],
        limits={"case_ceiling": 20000}, terms={"submitted": [10, "working"]},
        fields=[
            _field("plan_year", "参保年度", "whole", required=True), _field("unit", "单位"),
            _field("item", "补助项目", "choice", required=True, choices=["住院自付", "重大疾病", "意外", "身故慰问"]),
            _field("discharged_on", "出院或发生日期", "day", required=True), _field("total_cost", "总费用", "money"),
            _field("pooled", "统筹支付", "money"), _field("own_cost", "个人自付", "money", counted=True),
            _field("hospital_level", "医院等级", "choice", choices=["三级", "二级", "一级和社区"]), _field("diagnosis", "诊断", sealed=True),
        ],
        figures=[{"label": "2025 年度参保单位", "value": "528 家"}, {"label": "2025 年度参保", "value": "29428 人"}, {"label": "2024 年度理赔", "value": "9000 余人次"}, {"label": "2024 年度补助", "value": "125 万余元"}],
    ),
    _row(
        "rebates", "C23", "FH", "小微企业工会经费返还", BUILD, "arrow-repeat", "按入库数和当年政策测算，返还到单位工会账户。",
        applicants=[FIRM, UNION], steps=["check", "verify", "audit", *PAYING], keep_years=30, audit_department="经审",
        documents=["返还申请表", "工会法人资格证书", "开户许可", "收款收据"], limits={"once_a_year": 1},
        names={"verb:check": "镇街初审", "verb:verify": "财务审核", "state:verified": "已审核"},
        terms={"submitted": [10, "working"], "checked": [10, "working"], "verified": [10, "working"]},
        fields=[
            _field("period", "所属年度", "whole", required=True), _field("size", "划型", "choice", choices=["小型", "微型"], hint="按工信部联企业〔2011〕300 号"),
            _field("staff", "职工数", "whole", unit="人"), _field("revenue", "全年营业收入", "money"),
            _field("payroll", "全年工资总额", "money", required=True), _field("received", "税务入库经费", "money", required=True, counted=True),
            _field("tax_voucher", "完税凭证号"), _field("union_code", "工会统一社会信用代码", hint="以 81 开头"),
            _field("audit", "经审意见", at="audit", required=True), _field("use", "返还经费怎么用", "paragraph", at="account"),
        ],
        figures=[{"label": "光大芯业", "value": "12 万元"}],
    ),
    _row(
        "hazards", "C10", "YH", "职工有奖报告事故隐患", RIGHTS, "exclamation-triangle", "可匿名，报告人身份加密；查实按等级奖励首个报告人，本单位职工加发。",
        applicants=[PERSON, NOBODY], steps=["check", "verify", *PAYING], is_public=True, is_confidential=True,
        names={"verb:check": "受理", "state:checked": "已受理", "verb:verify": "核查定级", "state:verified": "已定级", "verb:approve": "批准奖励", "verb:refuse": "不予奖励", "state:refused": "不予奖励"},
        terms={"submitted": [5, "working"], "verified": [30, "natural"]}, limits={"case_ceiling": 3600},
        fields=[
            _field("firm", "哪个单位"), _field("place", "地点和部位", required=True), _field("hazard", "隐患情况", "paragraph", required=True),
            _field("told_firm", "已向单位报告过", "yes_no"), _field("real_name", "实名核验结果", sealed=True, public=False),
            _field("first", "首个报告", "choice", at="check", required=True, choices=["是", "前面有人报过"]),
            _field("earlier", "前面的报告编号", at="check", hint="前面有人报过的要写"), _field("reporter_note", "报告人说明", "paragraph", sealed=True),
            _field("grade", "等级", "choice", at="verify", required=True, choices=["可能导致事故", "可直接引发事故"]),
            _field("insider", "报告人是本单位职工", "choice", at="verify", choices=["是", "不是"], hint="本单位职工加发"),
            _field("rectify_due", "整改期限", "day", at="verify"), _field("rectified", "整改情况", "paragraph", at="verify"),
            _field("mended", "到期整改", "choice", at="approve", counted=True, choices=["按期改完", "改完但超期", "还在整改"]),
            _field("told_back", "答复报告人", "paragraph", at="account"),
        ],
        figures=[{"label": "可能导致事故，奖励", "value": "2000 元"}, {"label": "可直接引发事故，奖励", "value": "3000 元"}],
    ),
    _row(
        "legal_aid", "C15", "FY", "工会法律援助", RIGHTS, "bank", "咨询、代书、调解、仲裁和诉讼代理。",
        steps=["check", "verify", *PAYING[:3]], is_public=True, documents=["身份证明", "案件材料", "经济困难证明或免予核查说明"],
        names={"verb:verify": "决定并指派", "state:verified": "已指派", "verb:approve": "批办案补贴", "verb:refuse": "不予援助"},
        terms={"submitted": [7, "natural"], "checked": [3, "natural"]},
        fields=[
            _field("matter", "事项", required=True), _field("kind", "援助方式", "choice", required=True, choices=["咨询", "代书", "调解", "仲裁代理", "诉讼代理"]),
            _field("who", "符合哪一条", "choice", choices=["困难职工", "其他符合条件的职工", "工会工作者"]), _field("means", "经济困难证明", "choice", choices=["已交证明", "免予核查"]),
            _field("limitation", "时效届满日", "day", hint="剩不到七天的当天办"), _field("lawyer", "承办律师", at="verify", required=True), _field("appointed_on", "指派日期", "day", at="verify"),
            _field("report", "结案报告", "paragraph", at="approve"), _field("quality", "质量评估", "choice", at="approve", choices=["优", "良", "合格", "不合格"]),
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
            _field("matters", "监督事项", "many", choices=MATTERS), _field("supervisors", "调查的监督员", hint="两人以上，写姓名和证号"),
            _field("signer", "签发人", at="check"), _field("served_on", "送达日期", "day", at="verify", required=True), _field("served_how", "送达方式", "choice", at="verify", choices=["直接", "邮寄", "留置", "电子"]),
            _field("reply", "答复和改正", "choice", at="account", required=True, counted=True, choices=["已改正", "部分改正", "未答复，转建议书", "拒不改正，转建议书"]),
            _field("next_letter", "转出文书编号", at="account"),
        ],
    ),
    _row(
        "collective_contracts", "C16", "JT", "集体协商和工资集体合同", RIGHTS, "file-earmark-text", "要约、协商、职代会通过、审查备案、履约。",
        applicants=[FIRM, UNION], steps=["check", "verify", "approve"],
        names={"state:submitted": "已发要约", "verb:check": "登记应约", "state:checked": "协商中", "verb:verify": "登记职代会通过", "state:verified": "已通过", "verb:approve": "备案", "state:approved": "履行中", "verb:account": "到期结案"},
        deciders={"verb:approve": ["leader", "desk"]}, terms={"submitted": [10, "working"], "verified": [15, "natural"]},
        fields=[
            _field("kind", "种类", "choice", required=True, choices=["综合", "工资专项", "女职工专项", "安全专项", "行业", "区域"]),
            _field("firms", "覆盖企业", "whole", unit="家", counted=True), _field("workers", "覆盖职工", "whole", unit="人", counted=True),
            _field("worker_delegates", "职工方代表", "whole", at="check", unit="人", least=3),
            _field("firm_delegates", "企业方代表", "whole", at="check", unit="人", least=3, by="worker_delegates", hint="不多于职工方"), _field("meetings", "协商记录", "paragraph", at="check"),
            _field("vote", "到会和赞成人数", at="verify", required=True), _field("raise_rate", "工资增幅", "decimal", at="verify", unit="%"),
            _field("lowest_wage", "最低工资标准", "money", at="verify"), _field("clauses", "加班、津贴等条款", "paragraph", at="verify"),
            _field("file_no", "备案号", at="approve"), _field("starts_on", "生效日", "day", at="approve"), _field("ends_on", "期满日", "day", at="approve", required=True, alarm=90),
            _field("told_on", "向职工公布日期", "day", at="approve"),
            _field("performed", "履约检查", "choice", at="account", required=True, counted=True, choices=["已履约", "部分履约", "未履约"]),
        ],
        figures=[
            {"label": "浦江 2024 年工资集体合同", "value": "1000 余份"}, {"label": "覆盖企业", "value": "940 余家"}, {"label": "覆盖职工", "value": "近 4 万人"},
            {"label": "履约率", "value": "98%"},
        ],
    ),
    _row(
        "founding", "C19", "JH", "建会入会", BUILD, "diagram-3", "从线索到批复、选举、法人登记和开户。",
        applicants=[FIRM], steps=["check", "verify", "approve"], deciders={"verb:approve": ["leader"]},
        names={"state:submitted": "建会线索", "verb:check": "成立筹备组", "state:checked": "筹备中", "verb:verify": "收建会申请", "state:verified": "已申请", "verb:approve": "批复", "state:approved": "已批复", "verb:account": "登记开户完成"},
        terms={"verified": [15, "working"]},
        fields=[
            _field("staff", "职工数", "whole", unit="人"), _field("women", "女职工数", "whole", unit="人"), _field("migrants", "外来务工人数", "whole", unit="人"),
            _field("new_form", "新就业形态人数", "whole", counted=True, unit="人"), _field("party", "有党组织", "yes_no"),
            _field("preparers", "筹备组成员", at="check"), _field("blocker", "卡在哪里", "paragraph", at="check"),
            _field("members", "会员数", "whole", at="verify", required=True, counted=True, unit="人"),
            _field("form", "组织形式", "choice", at="verify", choices=["基层委员会", "联合工会", "工会小组"], by="members", by_from=25, hint="会员二十五人以上要建委员会"),
            _field("approval_no", "批复文号", at="approve", required=True), _field("term", "任期", "choice", at="approve", choices=["三年", "五年"]),
            _field("elected_on", "选举日期", "day", at="account"), _field("committee", "委员会、经审和女职工委员", "paragraph", at="account"),
            _field("certificate", "法人资格证号", at="account"), _field("valid_to", "证书有效期至", "day", at="account"), _field("bank", "开户银行", at="account"),
        ],
        figures=[{"label": "韵达绍兴网点", "value": "70 余家"}, {"label": "韵达绍兴快递员", "value": "640 余名"}, {"label": "越城新就业形态入会", "value": "近 1 万名"}],
    ),
    _row(
        "membership", "C19", "RH", "职工入会", BUILD, "person-badge", "职工提出入会申请，基层工会审核，进会员名册；集中入会一次登记一批。",
        steps=["check"], is_public=True, keep_years=10,
        names={"state:submitted": "已申请入会", "verb:check": "审核入会", "state:checked": "会员", "verb:account": "终止会籍"},
        terms={"submitted": [10, "working"]},
        fields=[
            _field("sex", "性别", "choice", choices=["男", "女"]), _field("unit", "工作单位", required=True), _field("post", "岗位"),
            _field("new_form", "新就业形态", "choice", choices=["货车司机", "网约车司机", "快递员", "外卖配送员", "家政服务员", "其他"]),
            _field("platform", "接单平台"), _field("household", "户籍", "choice", choices=["本地", "外来"]),
            _field("gathering", "集中入会的场次", public=False), _field("joined_on", "入会日期", "day", at="check", required=True),
            _field("left_for", "为什么终止", "choice", at="account", required=True, choices=["转到别的工会", "退会", "去世", "其他"]), _field("moved_to", "转到哪个工会", at="account"),
        ],
        figures=[{"label": "韵达绍兴快递员入会", "value": "640 余名"}, {"label": "舟山集中入会代表", "value": "23 名"}],
    ),
    _row(
        "alliances", "C20", "GL", "工会联盟和行业联合会", BUILD, "diagram-2", "跨单位结成联盟：成员单位、轮值主席、共享的资源。",
        applicants=[UNION], steps=["check", "approve"], deciders={"verb:approve": ["leader"]},
        names={"state:submitted": "筹备中", "verb:check": "开成立会", "state:checked": "已开会", "verb:approve": "批复成立", "state:approved": "运行中", "verb:account": "解散", "state:closed": "已解散"},
        fields=[
            _field("kind", "类型", "choice", required=True, choices=["行业联合会", "片区联盟", "新业态联盟"]),
            _field("member_unions", "成员单位", "whole", unit="家", required=True, counted=True),
            _field("firms", "覆盖企业", "whole", unit="家", counted=True), _field("workers", "覆盖职工", "whole", unit="名", counted=True),
            _field("chair", "轮值主席单位", at="check"), _field("member_list", "成员单位名单和加入日期", "paragraph", at="check"),
            _field("shared", "共享的资源和活动", "paragraph", at="check"), _field("approval_no", "批复文号", at="approve", required=True),
            _field("since", "成立日期", "day", at="approve"), _field("until", "解散日期", "day", at="account"),
        ],
        figures=[
            {"label": "黄岩首批", "value": "13 家"}, {"label": "黄岩首批职工", "value": "3000 余名"}, {"label": "黄岩累计组织", "value": "99 家"},
            {"label": "黄岩累计企业", "value": "738 家"}, {"label": "黄岩累计职工", "value": "9071 人"}, {"label": "越城快递行业联合会", "value": "5 家"},
            {"label": "越城快递行业联合会职工", "value": "2200 名"},
        ],
    ),
    _row(
        "proposals", "C07", "JY", "合理化建议", FORWARD, "lightbulb", "职工提建议，科室评审，采纳后算效益给奖励。",
        steps=["check", "verify", *PAYING[:3]], is_public=True,
        names={"verb:check": "交办评审", "state:checked": "评审中", "verb:verify": "采纳", "state:verified": "实施中", "verb:refuse": "不采纳", "verb:approve": "验收并批准奖励", "state:approved": "已实施"},
        terms={"submitted": [5, "working"], "checked": [20, "working"]},
        fields=[
            _field("unit", "单位"), _field("topic", "题目"), _field("others", "共同提出的人"), _field("now", "现状", "paragraph", required=True),
            _field("proposal", "建议", "paragraph", required=True), _field("expected", "预计效果", "paragraph"),
            _field("desk", "承办科室", at="check"), _field("adopted", "采纳程度", "choice", at="verify", required=True, counted=True, choices=["采纳", "部分采纳"]),
            _field("why", "评审意见", "paragraph", at="verify"), _field("done_on", "实施完成日期", "day", at="approve", required=True),
            _field("works", "办成民生实事", "whole", at="account", unit="件", counted=True), _field("applied", "转化运用成果", "whole", at="account", unit="项", counted=True),
            _field("benefit", "财务确认的效益", "money", at="account", counted=True),
        ],
        figures=[
            {"label": "荆门石化解决诉求", "value": "366 条"}, {"label": "荆门石化办理民生实事", "value": "74 件"}, {"label": "云锡提合理化建议", "value": "上 1000 项"},
            {"label": "云锡转化运用成果", "value": "500 余项"},
        ],
    ),
    _row(
        "brands", "C21", "PP", "基层工会品牌和实事项目", BUILD, "award", "年初立项，过程看进度，年底验收。",
        applicants=[UNION, FIRM], steps=["check", "approve"], public_fields=["extra:action", "extra:goal", "extra:measures", "extra:milestones", "extra:done_share"],
        names={"state:submitted": "已申报", "verb:check": "初评", "verb:approve": "立项", "state:approved": "实施中", "verb:account": "验收结项"},
        fields=[
            _field("action", "行动", "choice", choices=["匠心筑梦·稳企惠工", "职工心愿·娘家情怀", "爱在四季·工会有约", "自有品牌"]),
            _field("year", "年度", "whole", required=True), _field("goal", "目标", "paragraph", required=True), _field("measures", "指标", "paragraph"),
            _field("milestones", "节点", "paragraph"), _field("owner", "责任人"), _field("budget", "预算", "money"), _field("opinions", "征求到的意见", "paragraph", at="check"),
            _field("served", "服务职工", "whole", at="account", unit="人", counted=True), _field("done_share", "完成率", "decimal", at="account", unit="%", required=True),
            _field("score", "评议得分", "decimal", at="account", unit="分"),
        ],
    ),
    _row(
        "benefits", "C51", "FL", "会员福利慰问", CARE, "balloon-heart", "结婚、生育、住院、退休、去世和生日慰问。",
        steps=["check", *PAYING], is_public=True, documents=["证明材料"], limits={"case_ceiling": 2200},
        fields=[
            _field("unit", "单位"), _field("kind", "慰问类别", "choice", required=True, choices=["结婚", "生育", "住院", "退休", "去世", "困难", "生日", "节日"]),
            _field("event_on", "发生日期", "day", required=True), _field("same_illness", "同一种病今年慰问过吗", "choice", at="check", choices=["没有", "慰问过"]),
            _field("goods", "发什么", at="approve", hint="节日和生日不发现金和购物卡"),
        ],
        figures=[{"label": "节日每年最多", "value": "2200 元"}, {"label": "生日每年最多", "value": "500 元"}, {"label": "结婚、生育、住院、退休、去世每次最多", "value": "2000 元"}],
    ),
    _row(
        "startups", "C36", "CY", "创业就业扶持", FORWARD, "rocket-takeoff", "创业者建档、结对导师、扶持、跟踪带动就业。",
        steps=["check", "verify", *PAYING], is_public=True,
        names={"verb:verify": "入孵", "state:verified": "孵化中", "verb:approve": "批准扶持"},
        fields=[
            _field("project", "项目", required=True), _field("group", "创业者", "choice", choices=["在职职工", "下岗失业", "大学生", "返乡务工", "新就业形态", "其他"]),
            _field("members", "团队人数", "whole", unit="人"), _field("mentor", "导师", at="verify", required=True), _field("mentored_from", "结对日期", "day", at="verify"),
            _field("support", "扶持内容", "many", at="approve", choices=["贷款", "场地", "优惠券", "订单", "直播平台", "补贴"]), _field("log", "帮扶记录", "paragraph", at="approve"),
            _field("jobs", "带动就业", "whole", at="account", unit="人", counted=True), _field("income", "增收比例", "decimal", at="account", unit="%"),
            _field("grown", "成长为", "choice", at="account", choices=["小微企业", "高新技术企业", "瞪羚企业", "拟上市企业"]),
            _field("outcome", "结果", "choice", at="account", counted=True, choices=["毕业", "中途离开"]),
        ],
        figures=[{"label": "福州中心团队", "value": "173 支"}, {"label": "福州中心带动就业", "value": "1736 人"}, {"label": "高新技术企业", "value": "15 家"}, {"label": "瞪羚企业", "value": "3 家"}, {"label": "拟上市企业", "value": "1 家"}],
    ),
    _row(
        "stability", "C17", "PC", "职工队伍稳定排查", RIGHTS, "shield-check", "逐户看工资、订单和裁员，分红黄绿三级跟踪。",
        applicants=[FIRM], steps=["check", "verify"],
        names={"state:submitted": "待排查", "verb:check": "登记排查", "state:checked": "已排查", "verb:verify": "定级", "state:verified": "跟踪中", "verb:account": "解除"},
        fields=[
            _field("campaign", "哪一次排查"), _field("staff", "职工数", "whole", at="check", unit="人"), _field("paid_to", "工资发到", "day", at="check", required=True),
            _field("orders", "订单", "choice", at="check", choices=["饱满", "正常", "不足", "停产"]), _field("arrears", "欠薪", "money", at="check", counted=True),
            _field("insurance_arrears", "欠缴社保", "money", at="check", counted=True), _field("layoffs", "拟裁员", "whole", at="check", unit="人", counted=True),
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
            _field("last_visit", "上次随访", "day", at="check"), _field("next_visit", "下次随访", "day", at="check"), _field("notes", "随访记录", "paragraph", at="check", sealed=True),
        ],
    ),
    _row(
        "retreats", "C46", "LXY", "职工疗休养", CARE, "tree", "单位报计划和名册，按年度限额审批，回来结算。",
        applicants=[FIRM, UNION], steps=["check", *PAYING[:3], "sign"], limits={"case_ceiling": 500000, "roster_years": 2},
        names={"state:submitted": "已报计划", "verb:sign": "登记成行", "state:signed": "已成行", "verb:account": "结算"},
        documents=["名册", "行程", "保险单"],
        fields=[
            _field("people", "人数", "whole", required=True, unit="人", counted=True), _field("base", "疗休养基地", required=True, hint="只选公布的基地；家属自费"),
            _field("starts_on", "开始日期", "day", required=True), _field("days", "天数", "whole", required=True, unit="天", most=5),
            _field("price", "每人费用", "money"), _field("insurance", "保险单号"),
            _field("went", "实际成行", "whole", at="sign", unit="人", counted=True),
        ],
        figures=[{"label": "浦江 2024 年疗休养", "value": "1.2 万余人"}, {"label": "浦江 2024 年疗休养经费", "value": "超 2400 万元"}, {"label": "每人", "value": "2000 元"}],
    ),
    _row(
        "outings", "C46", "CQY", "职工春秋游", CARE, "flower1", "一天往返或过一夜，每人有限额，个个有保险。",
        applicants=[FIRM, UNION], steps=["check", *PAYING[:3]], names={"state:submitted": "已报计划", "verb:account": "结算"},
        documents=["名册", "保险单"],
        fields=[
            _field("people", "人数", "whole", required=True, unit="人", counted=True), _field("where", "去哪里", required=True),
            _field("on", "哪天", "day", required=True), _field("days", "天数", "whole", required=True, unit="天", most=2, hint="每人每天不超过四百元"),
        ],
        figures=[{"label": "浦江 2024 年春秋游", "value": "65 万余元"}],
    ),
    _row(
        "area_service", "C04", "PQ", "片区服务履职", BUILD, "pin-map", "片区专职干部按月登记六项履职：走了哪些单位、收了多少需求、对接了几家。",
        applicants=[UNION], steps=["check"],
        names={"state:submitted": "已分片", "verb:check": "登记履职", "state:checked": "已登记", "verb:account": "考评", "state:closed": "已考评"},
        fields=[
            _field("area", "片区", required=True), _field("worker", "片区专职干部", required=True), _field("firms", "包干单位", "whole", unit="家"),
            _field("duties", "履职清单", "many", at="check", required=True, choices=["走访联系", "上情下达", "提醒指导", "看望慰问", "了解核实", "报告反馈"]),
            _field("visited", "走访企业", "whole", at="check", unit="次", counted=True), _field("needs", "收集需求", "whole", at="check", unit="项", counted=True),
            _field("matched", "对接帮帮团的企业", "whole", at="check", unit="家", counted=True), _field("score", "考评得分", "decimal", at="account", unit="分"),
        ],
        figures=[{"label": "宁海走访服务企业", "value": "340 多次"}, {"label": "宁海收集需求", "value": "200 余项"}, {"label": "宁海匹配企业", "value": "30 余家"}],
    ),
    _row(
        "pairing", "C05", "QZ", "领导结对和清障拔钉", BUILD, "link-45deg", "班子成员与科室、基层工会结对，盯进度，清障碍。",
        applicants=[UNION], steps=["check", "verify"],
        names={"state:submitted": "已结对", "verb:check": "登记进度和障碍", "state:checked": "有障碍", "verb:verify": "登记清障", "state:verified": "已清障", "verb:account": "结对完成"},
        terms={"checked": [15, "working"]},
        fields=[
            _field("programme", "哪项工作或品牌", required=True), _field("leader", "结对领导", required=True), _field("progress", "进度", "paragraph", at="check", required=True),
            _field("obstacle", "障碍", "paragraph", at="check", required=True), _field("owner", "谁来清", at="check"),
            _field("cleared_on", "清除日期", "day", at="verify", required=True), _field("how", "怎么清的", "paragraph", at="verify"),
        ],
    ),
    _row(
        "helper_roster", "C09", "BM", "帮办员报名和结对", CARE, "person-raised-hand", "骑手、快递员、网约车司机报名，培训后领马甲，和老人、残疾邻居结对。",
        steps=["check", "verify", "pause", "resume"], is_public=True,
        names={"state:submitted": "已报名", "verb:check": "登记培训", "state:checked": "已培训", "verb:verify": "上岗结对", "state:verified": "在岗", "verb:resume": "恢复上岗", "verb:account": "离队", "state:closed": "已离队"},
        terms={"submitted": [10, "working"]},
        fields=[
            _field("trade", "做什么工作", "choice", required=True, choices=["网约车司机", "外卖配送员", "快递员", "货车司机", "家政服务员", "其他"]),
            _field("platform", "平台或站点"), _field("roles", "愿意做什么", "many", choices=["帮结对邻居", "传声筒", "安全员"]),
            _field("trained_on", "培训日期", "day", at="check", required=True), _field("vest", "马甲编号", at="verify", required=True),
            _field("paired_with", "结对邻居", at="verify", sealed=True), _field("left_on", "离队日期", "day", at="account"),
        ],
        figures=[{"label": "太原晋源帮办员", "value": "30 余名"}],
    ),
    _row(
        "rights_inspections", "C11", "XC", "职工权益保护巡察", RIGHTS, "clipboard2-check", "工会牵头，带上法律和人事，两人以上到单位查十二项，提意见，盯改正。",
        applicants=[FIRM], steps=["visit", "verify"],
        names={"state:submitted": "已列计划", "verb:visit": "登记巡察", "state:visited": "已巡察", "verb:verify": "提出意见", "state:verified": "整改中", "verb:account": "登记整改结果"},
        terms={"verified": [15, "working"]},
        fields=[
            _field("plan", "哪一次巡察"), _field("with_whom", "参加的部门", "many", choices=["法律", "人事", "安全", "财务", "职工代表"]),
            _field("matters", "查了哪几项", "many", at="visit", required=True, choices=MATTERS), _field("opinion", "意见", "paragraph", at="verify", required=True),
            _field("letter", "发什么函", "choice", at="verify", choices=["不用发函", "提示函", "意见书"]),
            _field("corrected", "整改结果", "choice", at="account", required=True, counted=True, choices=["已改正", "部分改正", "没有改正"]),
        ],
    ),
    _row(
        "clubs", "C22", "ST", "工享社团", "文体活动", "people", "职工自己的社团：登记、活动场地、会员，年底看活跃不活跃。",
        applicants=[UNION, FIRM], steps=["check"], is_public=False,
        names={"state:submitted": "已申请", "verb:check": "登记社团", "state:checked": "在册", "verb:account": "注销", "state:closed": "已注销"},
        fields=[
            _field("club", "社团名称", required=True), _field("sort", "类别", "choice", required=True, choices=["体育", "文艺", "读书", "摄影书画", "志愿服务", "其他"]),
            _field("leader", "社长"), _field("venue", "活动场地"), _field("meets", "活动时间"), _field("members", "会员", "whole", at="check", unit="人", counted=True),
        ],
    ),
    _row(
        "honours", "C25", "RY", "荣誉推荐和登记", FORWARD, "award", "推荐、公示、表彰，个人和集体都有册；撤销也记在册上。",
        applicants=[PERSON, UNION], steps=["check", "publish", "clear", "object", "settle_objection", "approve"],
        names={"state:submitted": "已推荐", "verb:check": "资格审核", "verb:approve": "表彰", "state:approved": "在册", "verb:account": "撤销称号", "state:closed": "已撤销"},
        limits={"publication_days": 5},
        fields=[
            _field("title", "称号", required=True), _field("level", "级别", "choice", required=True, choices=["全国", "省级", "市级", "区县级"]),
            _field("year", "年度", "whole", required=True), _field("team_size", "集体人数", "whole", unit="人", counted=True),
            _field("patents", "专利", "whole", unit="项", counted=True), _field("innovations", "创新案例", "whole", unit="项", counted=True),
            _field("improvements", "改善案例", "whole", unit="项", counted=True), _field("saved", "节约成本", "money", counted=True),
            _field("output", "增加产值", "money", counted=True), _field("body", "授予单位", at="approve", required=True), _field("document_no", "文号", at="approve"),
            _field("revoked_for", "撤销原因", "paragraph", at="account", required=True),
        ],
        figures=[
            {"label": "安踏精益工程部", "value": "36 人"}, {"label": "安踏专利", "value": "12 项"}, {"label": "安踏创新案例", "value": "78 项"},
            {"label": "安踏改善案例", "value": "105 项"}, {"label": "安踏节约成本", "value": "105.91 万元"}, {"label": "安踏新增产值", "value": "7867.5 万元"},
        ],
    ),
    _row(
        "graduates", "C34", "BY", "毕业生就业信息库", FORWARD, "mortarboard", "院校报毕业生：什么专业、多少人、什么时候能来；推给企业，谈成签约。",
        applicants=[UNION, FIRM], steps=["check", "verify"],
        names={"state:submitted": "已入信息库", "verb:check": "推荐匹配", "state:checked": "已推荐", "verb:verify": "登记洽谈", "state:verified": "洽谈中", "verb:account": "登记去向"},
        fields=[
            _field("major", "专业", required=True), _field("students", "毕业生", "whole", required=True, unit="人", counted=True), _field("from_on", "什么时候能来", "day"),
            _field("matched", "推荐给哪些企业", "paragraph", at="check", required=True), _field("talks", "洽谈情况", "paragraph", at="verify"),
            _field("hired", "签约录用", "whole", at="account", unit="人", counted=True), _field("agreed_on", "协议日期", "day", at="account"),
        ],
        figures=[{"label": "长春平台院校", "value": "38 家"}],
    ),
]  # fmt: skip
