"""Surnames, by how many bear them.

After the reports of the Ministry of Public Security (2020), the Hundred Family Surnames and the usual lists of compound ones,
with traditional forms and those of the south-west.
"""


def characters(text: str) -> frozenset[str]:
    """Each character of ``text``."""
    return frozenset("".join(text.split()))


def words(text: str) -> tuple[str, ...]:
    """The words of ``text``, the longest first, as an alternative of a pattern wants them."""
    return tuple(sorted(set(text.split()), key=lambda word: (-len(word), word)))


# Borne by one in a thousand and more.
FREQUENT = characters(
    """
王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范
汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔汤張劉陳楊黃趙吳孫馬鄭謝許鄧韓馮蕭葉蘇
呂盧鍾鐘譚陸韋賈鄒龍賀顧龔萬錢嚴湯
"""
)
COMMON = characters(
    """
向常康易乔赖文葛洪施樊兰殷安倪牛温齐鲁俞翟颜季芦章申柳关焦左包甘邢岳聂柴裴柏欧詹宁路骆祝霍涂成耿鲍纪苗项翁牟管喻阮凌
曲池梅舒辛谷蓝卓游蒲尤解蒙农岑单丛庞丘古华童尚毕艾盛褚冉邬祁费应桂符滕窦车卜班苟屈米谌明闵巫司辜全冷敖佘苑伍简宫桑麦
宗寇臧连房隋初鄢蔺鲜晏谈冀瞿於匡荣仇景穆占宣植劳陀银冼零区隆玉磨闭庾钮訾步湛郁戚娄危查豆井相花糜靳党边代宾储阳屠柯来
封邰郎贝云虞阎裘缪仲賴藍農單叢龐畢費應滿車區勞銀閻聶駱項紀寧魯齊溫關歐鮑蔣羅鄔談荊满荆吉从勾幸商厉师朴郜原支雍楚逯滑
巴鹿裕敬茹籍耶亓展练揭粟阙璩蓬濮麻弓牧隗山宓诸竺权逄盖桓仉督卫水奚昌凤酆廉乐时傅皮卞元平和萧禹狄计伏茅席强刁昝经干贲
杭嵇荀羊惠甄家芮羿汲邴松段富乌郗仰秋伊栾暴钭戎祖束韶蓟薄印宿怀鄂索咸阴胥能苍双闻莘贡姬扶堵宰郦寿通扈燕浦庄充慕习宦鱼
容慎戈暨居衡都弘国广禄东殳沃利蔚越夔巩厍晁融阚那饶毋沙乜养鞠丰巢蒯红禤仝佟呙哈宛帅年庹弋德忻恽揣斛枚檀沐泥洛渠漆玄琚
畅疏眭矫禚秘笪綦缑缴芒茆药菅萨虎谯赫迟遆邝邸郏锁镡雒青骞麴黑翦闾靖栗逮
"""
)
COMPOUND = frozenset(
    words(
        """
欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 皇甫 司徒 令狐 尉迟 慕容 夏侯 东方 南宫 端木 公孙 长孙 宇文
独孤 百里 轩辕 呼延 申屠 澹台 淳于 单于 太史 万俟 闻人 赫连 钟离 鲜于 闾丘 司空 亓官 仲孙 公羊
濮阳 拓跋 第五
"""
    )
)
# Those that are everyday words as well: they need more beside them.
AMBIGUOUS = characters(
    """
于余何任方高白黄江万马石金安向常成路管单全文明关解应从时连车房水易包左古华尚简党边代来花相初原支商师满幸云阳年班米占
区零闭步查封权盖山都能和那池谷曲计许龙牛井危豆宁麦宾劳银玉磨武钱程严雷林田叶温康昌元平强经家富居国广东利越沙丰红德双
通充寿养青黑展练融容慎习弘隆宿索印束燕药虎麻松凤牧弓巴闻
"""
)
# And those that hardly anybody bears.
DOUBTFUL = characters(
    """
养年都家青红黑能从那和有乜满宿印束索充查初原经占区相花时来边代党解应居国师官老弓药虎松母麻步封权公益盖商平元明成强富
通越展融习双寿车
"""
)
