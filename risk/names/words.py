"""Words of company names that say little or are written in many ways."""

LEGAL = frozenset(
    """
    ltd limited llc llp lp inc incorporated corp corporation co company cos plc gmbh ag
    sa nv bv bvba spa srl sarl sas sasu ltda eireli pt tbk bhd sdn berhad pte pty pvt
    private as asa ab oy oyj kk kg kgaa se ev eg doo dd ad ood eood jsc ojsc pjsc cjsc
    ooo oao zao pao sac saa sab cv de rl cia sro zrt kft nyrt aps is aktiengesellschaft
    publ public joint stock
    """.split()  # noqa: SIM905 - a list of ninety strings would be harder to read
)
"""Legal forms, folded: they tell companies apart last of all."""

SMALL = frozenset({"the", "and", "und", "et", "y", "e", "of"})
"""Words that people leave out, and put into acronyms or not."""

_SHORT_FORMS = {
    "ind": "industry industries industrial inds",
    "tech": "technology technologies technical technological techs",
    "intl": "international internationals int",
    "fin": "finance financial financials finances",
    "svc": "service services svcs serv",
    "mfg": "manufacturing manufacturers manufacturer manufacture manuf",
    "eng": "engineering engineers engg engrg",
    "grp": "group groups",
    "hldg": "holding holdings hldgs hldngs hold",
    "bros": "brothers brother",
    "pharm": "pharmaceutical pharmaceuticals pharma pharmacy pharms",
    "chem": "chemical chemicals chems",
    "elec": "electric electrical electronic electronics electronical elect elecs",
    "dev": "development developments develop devel devt",
    "natl": "national nat nationals",
    "assoc": "association associates associated assocs assn",
    "mgmt": "management mgt managements",
    "inv": "investment investments invest invests invt",
    "ent": "enterprise enterprises enterp entp",
    "ins": "insurance assurance insur",
    "bk": "bank banks banking",
    "trad": "trading trade traders trdg",
    "imp": "import imports importing",
    "exp": "export exports exporting",
    "equip": "equipment equipments eqpt",
    "sys": "system systems syst",
    "sol": "solution solutions soln solns",
    "comm": "communication communications comms",
    "telecom": "telecommunication telecommunications telco",
    "transp": "transport transportation transports trans",
    "prod": "product products production productions prods",
    "res": "resource resources",
    "lab": "laboratory laboratories labs",
    "med": "medical medicine medicals",
    "auto": "automotive automobile automobiles automation autos",
    "constr": "construction constructions const",
    "prop": "property properties props",
    "ctr": "center centre centers centres",
    "univ": "university",
    "mkt": "market marketing markets mktg",
    "dist": "distribution distributors distributor distrib",
    "log": "logistics logistic",
    "mach": "machinery machine machines",
    "mat": "material materials matl matls",
    "env": "environment environmental",
    "sci": "science sciences scientific",
    "gen": "general",
    "am": "america american amer",
    "mtl": "metal metals",
    "textl": "textile textiles tex text",
    "petro": "petroleum petrol",
    "acq": "acquisition acquisitions",
    "no": "number nr num",
    "st": "saint",
    "mt": "mount",
    "1st": "first",
    "2nd": "second",
    "3rd": "third",
}
UMBRELLA = frozenset({"grp", "hldg"})
"""Short forms of words that say a company stands over others, often left out."""

SHORT_FORM = {
    long: short
    for short, forms in _SHORT_FORMS.items()
    for long in (short, *forms.split())
}
"""How a word that people abbreviate is kept: `technologies`, `tech` → `tech`."""

CHINESE_LEGAL = (
    "股份有限责任公司",
    "有限责任公司",
    "股份有限公司",
    "集团有限公司",
    "控股有限公司",
    "有限公司",
    "有限合伙",
    "普通合伙",
    "合伙企业",
    "分公司",
    "总公司",
    "公司",
)
"""Chinese legal forms, longest first."""

CHINESE_GENERIC = ("股份", "集团", "控股", "国际", "科技")
"""Endings of short names that the full name words in another way."""

_PROVINCES = """
北京 上海 天津 重庆 河北 山西 内蒙古 辽宁 吉林 黑龙江 江苏 浙江 安徽
福建 江西 山东 河南 湖北 湖南 广东 广西 海南 四川 贵州 云南 西藏 陕西
甘肃 青海 宁夏 新疆 香港 澳门 台湾
"""
_CITIES = """
广州 深圳 珠海 佛山 东莞 中山 惠州 汕头 江门 湛江 南京 苏州 无锡 常州
南通 扬州 镇江 徐州 盐城 泰州 连云港 淮安 宿迁 杭州 宁波 温州 嘉兴 湖州
绍兴 金华 台州 丽水 衢州 舟山 合肥 芜湖 马鞍山 安庆 福州 厦门 泉州 漳州
莆田 南昌 九江 赣州 济南 青岛 烟台 潍坊 淄博 威海 临沂 济宁 郑州 洛阳
开封 新乡 武汉 宜昌 襄阳 荆州 长沙 株洲 湘潭 岳阳 衡阳 成都 绵阳 德阳
宜宾 贵阳 遵义 昆明 大理 西安 咸阳 宝鸡 兰州 西宁 银川 乌鲁木齐 沈阳
大连 鞍山 长春 吉林 哈尔滨 大庆 齐齐哈尔 石家庄 唐山 保定 邯郸 秦皇岛
太原 大同 呼和浩特 包头 南宁 柳州 桂林 海口 三亚 中国
"""
REGIONS = frozenset(_PROVINCES.split()) | frozenset(_CITIES.split())
"""Provinces and cities that full names begin with and short ones leave out."""
