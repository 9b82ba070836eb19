"""Personal data in what people write: found, left alone where it is nobody's, and left out."""

import itertools
import json
from pathlib import Path

import pytest

from core.personal import PersonalType, Span, find_personal, redact, replacement_of
from core.personal.numbers import has_id_check
from core.personal.scoring import Marked, score, type_of

PETITIONS = Path(__file__).resolve().parents[1] / "data" / "petitions.jsonl"


def found(text: str, **options: object) -> list[tuple[str, str]]:
    return [(span.type.value, span.text) for span in find_personal(text, **options)]  # type: ignore[arg-type]


# --- Numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "13800001234", "138 0000 1234", "138-0000-1234", "１３８００００１２３４", "１３８　００００　１２３４",
        "+86 138 0000 1234",
        "0086-13800001234", "138 000 01234", "一三八零零零零一二三四", "0788-2310996", "0788 2310996", "07882310996",
        "(0788)2310996",
        "（0788）2310996", "0788—2310996", "010-62345678", "0788-2310996转801", "+86 788 2310996",
    ],
)  # fmt: skip
def test_a_phone_number_is_found_however_it_is_written(number: str) -> None:
    assert found(f"请回电{number}，谢谢") == [("phone", number)]


@pytest.mark.parametrize(
    "text",
    [
        "请拨打12345或110", "工单202605010001、快递单20260501000123456789", "受理号20260412-138047-5",
        "一共13800元、2026年5月1日",
        "咨询电话：0788-2310996", "监督热线0788-2310996", "号码是170开头的", "身份证45992119750601XXXX",
    ],
)  # fmt: skip
def test_numbers_that_are_nobodys_stay(text: str) -> None:
    assert found(text) == []


def test_seven_digits_are_a_phone_where_the_words_say_so() -> None:
    assert found("家里电话2310996，合同编号2310997") == [("phone", "2310996")]


@pytest.mark.parametrize(
    "number",
    [
        "459923196910151020",
        "459923 19691015 1020",
        "４５９９２３１９６９１０１５１０２０",
        "4599231969101510 2 0",
        "452123690101123",
    ],
)
def test_an_id_number_is_found(number: str) -> None:
    assert found(f"证号{number}。") == [("id_number", number)]


def test_the_check_digit_tells_an_id_number_and_the_word_before_a_mistyped_one() -> None:
    assert has_id_check("459923196910151020")
    assert has_id_check("11010519491231002x")
    assert not has_id_check("459923196910151021")
    assert found("编号459923196910151021") == []
    assert found("身份证号码：459923196910151021") == [("id_number", "459923196910151021")]


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("转到6200999297299752886", "6200999297299752886"),
        ("打在6222 0212 3456 7890 128上，卡号6222 0212 3456 7890 128", "6222 0212 3456 7890 128"),
        ("银行账号：6200999297299752887", "6200999297299752887"),
    ],
)
def test_a_bank_card_is_found_by_its_check_digit_or_its_word(text: str, card: str) -> None:
    assert ("bank_card", card) in found(text)


def test_a_long_number_without_either_is_no_card() -> None:
    assert found("流水6200999297299752887") == []


@pytest.mark.parametrize(
    "plate",
    [
        "桂Y·88K20",
        "桂Y12345",
        "桂y12345",
        "桂Y 12345",
        "京A-88888",
        "桂YD12345",
        "桂Y12345D",
        "粤Z1234港",
        "桂Y1234学",
    ],
)
def test_a_number_plate_is_found_with_new_energy_ones(plate: str) -> None:
    assert found(f"车牌{plate}，") == [("plate", plate)]


@pytest.mark.parametrize(
    "mail", ["zhang.san@example.com", "zs_88@mail.example.cn", "ｚｓ＠ｅｘａｍｐｌｅ．ｃｏｍ", "zs（at）example.com"]
)
def test_a_mail_address_is_found(mail: str) -> None:
    assert found(f"发到{mail}。") == [("email", mail)]


WECHAT = [
    ("加我微信zhang_san88", "zhang_san88"), ("微信号：zs-2020ab", "zs-2020ab"), ("微信号是 hello_world", "hello_world"),
    ("wx:abc12345", "abc12345"), ("VX：Abc-12345", "Abc-12345"), ("加v信 lao_wang1", "lao_wang1"),
    ("weixin：guangxi2020", "guangxi2020"), ("WeChat id: li_ping66", "li_ping66"),
    ("ｗｘ：ａｂｃ１２３４５", "ａｂｃ１２３４５"),
    ("威信hello666", "hello666"), ("我的是wxid_ab12cd34", "wxid_ab12cd34"), ("QQ123456789", "123456789"),
    ("QQ号：98765432", "98765432"), ("扣扣 1234567", "1234567"), ("qq: 10001", "10001"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "account"), WECHAT)
def test_a_wechat_or_qq_id_is_found_behind_its_word(text: str, account: str) -> None:
    assert ("wechat", account) in found(f"{text}，请联系")


@pytest.mark.parametrize(
    "text", ["微信转账2980元", "微信群里三百多人", "有微信记录", "我的微信同手机号", "没有微信。", "扫微信二维码", "qq群没人理"]
)
def test_the_word_alone_is_none(text: str) -> None:
    assert found(text) == []


def test_a_phone_that_is_a_wechat_id_too_is_a_phone() -> None:
    assert found("电话微信同号13800001234") == [("phone", "13800001234")]


# --- Addresses ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "和平路8号院3单元402室", "翠湖花园B区7栋二单元五零一", "锦绣家园5栋2单元1203", "红星社区机械厂宿舍2-301",
        "下河县都阳村4组12号",
        "和安县清水镇那岭村23号", "建设街供销社宿舍3排5号", "城北安置房6号楼1单元9楼902", "幸福里小区12幢3单元1802室",
        "人民巷5号",
        "桃源苑302", "８栋１２０３", "三栋二单元五零一", "3号楼502房",
    ],
)  # fmt: skip
def test_a_home_is_found_down_to_its_door(address: str) -> None:
    assert found(f"我家住{address}，一直漏水") == [("address", address)]


@pytest.mark.parametrize(
    "text",
    [
        "锦绣家园3栋停水", "18层以上没水", "3栋2003年建成", "站在路口等302路公交", "解放大道88号的饭店", "小区302户业主",
        "花园里种了300棵树",
        "社区2024年换的灯", "村里120户", "宿舍300米外", "8栋1200元一平", "楼上402的人",
    ],
)  # fmt: skip
def test_buildings_streets_and_shops_without_a_door_stay(text: str) -> None:
    assert found(text) == []


# --- Names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫陆春梅，住在城东。", "陆春梅"), ("本人姓名：褚立群", "褚立群"), ("联系人：闭宗耀，电话13900001234", "闭宗耀"),
        ("孩子叫零晓艳", "零晓艳"),
        ("覃伟 13900001234", "覃伟"), ("请尽快处理。 农淑贞", "农淑贞"), ("我是下河镇上坡村的韦桂香，今年五十三", "韦桂香"),
        ("我磨秀兰今年六十七", "磨秀兰"), ("业主欧阳修文、租户都签了字", "欧阳修文"), ("工头周大勇欠我们工资", "周大勇"),
        ("钱转给卫国强了", "卫国强"),
        ("找到李向前先生", "李向前"), ("房子在蒋百川名下", "蒋百川"), ("父親鍾國華年事已高", "鍾國華"),
        ("阿依古丽·买买提说", "阿依古丽·买买提"),
        ("此致敬礼\n魏长青\n2026年3月1日", "魏长青"), ("王建国局长没有来", "王建国"), ("申请人：张 伟", "张 伟"),
    ],
)  # fmt: skip
def test_a_name_is_found_by_what_stands_beside_it(text: str, name: str) -> None:
    assert ("name", name) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "刘伯和张书记都来过，谭老板没来", "老王、小李、阿黄", "王局长说李主任去了", "覃某某与张某", "高兴得很，谢谢领导",
        "解放大道和中山路口",
        "成立业主委员会", "安全第一，方便群众", "孙子上学，岳母住院", "这张表要交", "门口任何时候都堵", "学习雷锋",
        "姓韦的，姓谭的", "农家乐和养老金",
    ],
)  # fmt: skip
def test_titles_and_ordinary_words_are_nobodys_name(text: str) -> None:
    assert found(text) == []


def test_what_is_a_name_once_is_found_wherever_it_stands() -> None:
    assert found("我叫韦志光，村里都认得韦志光这个人") == [("name", "韦志光"), ("name", "韦志光")]


def test_names_of_the_case_are_found_without_any_sign() -> None:
    text = "上回写信的明月又来问了，还是明 月本人"
    assert found(text) == []
    assert found(text, known=["明月", "", "月"]) == [("name", "明月"), ("name", "明 月")]


# --- The text and its places ---------------------------------------------------------------------------------------------


def test_places_are_code_points_of_the_given_text_in_order() -> None:
    text = "𠮷😀\u3000我叫韦志光，电话１３８　００００　１２３４，身份证459923196910151020住桃源苑302"
    spans = find_personal(text)
    assert [span.type for span in spans] == ["name", "phone", "id_number", "address"]
    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "😀", "张", "1" * 3_000, "张伟" * 1_500, "我住" * 1_500, "1 " * 1_500, "村一" * 1_500]
)
def test_any_text_is_looked_through(text: str) -> None:
    for span in find_personal(text):
        assert text[span.start : span.end] == span.text


def test_the_redacted_text_says_what_was_there() -> None:
    text = "我叫韦志光，电话13800001234，住桃源苑302，车牌桂Y12345。王建国局长知道，张书记也知道。"
    assert redact(text, find_personal(text)) == (
        "我叫韦某，电话（电话略），住（住址略），车牌（车牌略）。王某局长知道，张书记也知道。"
    )


def test_what_stands_in_brackets_already_gets_no_second_ones() -> None:
    for text, redacted in (
        ("联系窗口（电话13800001234）", "联系窗口（电话（电话略））"),
        ("联系韦志光（13800001234）", "联系韦某（电话略）"),
        ("联系韦志光(13800001234)", "联系韦某(电话略)"),
    ):
        assert redact(text, find_personal(text)) == redacted


def test_every_type_has_a_replacement_that_is_personal_no_more() -> None:
    for type in PersonalType:
        word = replacement_of(Span(0, 3, type, "欧阳明"), "欧阳明")
        assert word == ("欧阳某" if type == "name" else word)
        assert found(word) == []
    assert replacement_of(Span(0, 8, PersonalType.NAME, "阿依古丽·买买提"), "阿依古丽·买买提") == "某人"


def test_spans_of_another_text_are_refused() -> None:
    spans = find_personal("我叫韦志光，电话13800001234")
    with pytest.raises(ValueError, match="span"):
        redact("别的文字", spans)
    with pytest.raises(ValueError, match="span"):
        redact("我叫韦志光，电话13800001234", [*spans, spans[0]])


# --- Against what people have marked ------------------------------------------------------------------------------------


def test_a_marked_string_has_the_type_of_the_pattern_it_matches() -> None:
    strings = [
        "韦志光",
        "13800001234",
        "0788-2310996",
        "459923196910151020",
        "6200999297299752886",
        "桂Y·88K20",
        "a@example.com",
        "3栋2003",
    ]
    assert [type_of(string).value for string in strings] == [
        "name", "phone", "phone", "id_number", "bank_card", "plate", "email", "address"
    ]  # fmt: skip


def test_a_span_counts_when_all_of_it_is_covered() -> None:
    found_in_part = Marked("我叫韦志光。", ("我叫韦志光",))
    assert (score([found_in_part]).recall, score([found_in_part]).precision) == (0.0, 1.0)
    nothing_marked = score([Marked("我叫韦志光。", ())])
    assert (nothing_marked.recall, nothing_marked.precision) == (1.0, 0.0)


def test_of_the_marked_petitions_97_of_100_spans_are_found_and_9_of_10_proposals_are_right() -> None:
    rows = [json.loads(line) for line in PETITIONS.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 320
    held_out = [Marked(row["body"], tuple(row["personal"])) for row in rows if int(row["id"][1:]) % 2 == 0]
    everything = [Marked(row["body"], tuple(row["personal"])) for row in rows]
    for texts in (everything, held_out):
        reached = score(texts)
        assert reached.recall >= 0.97, reached
        assert reached.precision >= 0.90, reached
