"""The ten columns, in menu order, and the topics."""

from dataclasses import dataclass

from portal.enums import ArticleKind, ColumnKind


@dataclass(frozen=True)
class Column:
    slug: str
    title: str
    kind: ColumnKind
    article_kind: ArticleKind
    description: str
    keywords: str


COLUMNS = (
    Column(
        "yaowen",
        "要闻",
        ColumnKind.NEWS,
        ArticleKind.NEWS,
        "市委、市政府重要会议、重大项目和民生实事的进展。",
        "要闻,政务动态,会议,民生实事",
    ),
    Column(
        "tongzhi",
        "通知公告",
        ColumnKind.NEWS,
        ArticleKind.NOTICE,
        "停水停电、交通管制、招生招考、参保缴费等通知和公告。",
        "通知,公告,通告,公示",
    ),
    Column(
        "bumen",
        "部门动态",
        ColumnKind.NEWS,
        ArticleKind.NEWS,
        "市级各部门的工作进展和便民消息。",
        "部门动态,工作进展",
    ),
    Column(
        "quxian",
        "县区动态",
        ColumnKind.NEWS,
        ArticleKind.NEWS,
        "各县（区）的工作进展和便民消息。",
        "县区动态,基层",
    ),
    Column(
        "zhengce",
        "政策文件",
        ColumnKind.DISCLOSURE,
        ArticleKind.POLICY,
        "市政府和市级部门的规范性文件，附索引号和文号。",
        "政策,规范性文件,办法,通知",
    ),
    Column(
        "jiedu",
        "政策解读",
        ColumnKind.DISCLOSURE,
        ArticleKind.INTERPRETATION,
        "用大白话说明新政策改了什么、谁受益、怎么办。",
        "政策解读,问答,图解",
    ),
    Column(
        "gongkai",
        "法定主动公开",
        ColumnKind.DISCLOSURE,
        ArticleKind.DISCLOSURE,
        "预算决算、政府采购、行政许可、公开年报等依法主动公开的内容。",
        "政府信息公开,主动公开,预算,年报",
    ),
    Column(
        "fuwu",
        "办事指南",
        ColumnKind.SERVICE,
        ArticleKind.GUIDE,
        "办什么、去哪办、带什么、多久办好、收不收费。",
        "办事指南,政务服务,窗口,材料",
    ),
    Column(
        "hudong",
        "征集与回应",
        ColumnKind.INTERACTION,
        ArticleKind.FEEDBACK,
        "政策草案征求意见，以及对大家所提意见的回应。",
        "意见征集,回应,民意",
    ),
    Column(
        "zhuanti",
        "专题",
        ColumnKind.TOPIC,
        ArticleKind.FEATURE,
        "一件大事的来龙去脉，集中在一处看。",
        "专题,重点工作",
    ),
)

TOPICS = {
    "business": "营商环境",
    "civil-affairs": "民政",
    "culture-tourism": "文化和旅游",
    "digital-government": "数字政府",
    "economy": "经济运行",
    "education": "教育",
    "elderly": "养老",
    "emergency": "应急管理",
    "employment": "就业",
    "environment": "生态环境",
    "finance": "财政",
    "health": "卫生健康",
    "housing": "住房",
    "housing-fund": "住房公积金",
    "medical-insurance": "医疗保障",
    "open-government": "政务公开",
    "procurement": "政府采购",
    "public-security": "公共安全",
    "rural": "农业农村",
    "social-security": "社会保险",
    "tax": "税务",
    "transport": "交通",
    "urban-management": "城市管理",
    "utilities": "水电气",
    "veterans": "退役军人",
}

HEADLINE = "a001"
FEATURE = "a005"

# Code of the unit at the top; those directly below it are the city's own.
CITY = "yls"
