"""Court terms that are right or wrong by what the sentence tells: 被告 and 被告人, 起诉书 and 起诉状, 判处 and 判决, 罪犯 and 犯罪嫌疑人."""

from collections.abc import Iterator

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought, is_criminal
from xuanfa.checks.rules.shield import WORDS

_DEFENDANT = Sought(re.compile(r"被告(?!人|席|单位|方式|知|诉|发|之|上|到|状|诫|示|代)"), "告")
_ACCUSED = Sought(re.compile(r"被告人(?!数)"), "告")
_STRONG_CRIMINAL = re.compile(
    r"公诉|检察院|检察机关|有期徒刑|无期徒刑|死刑|拘役|缓刑|罚金|犯[\u4e00-\u9fff、]{2,14}罪|"
    r"刑事(?!附带)|羁押|逮捕|量刑|认罪认罚|盗窃|诈骗|抢劫|贩毒|毒品|故意伤害|故意杀人|危险驾驶|"
    r"构成[\u4e00-\u9fff、]{2,14}罪|醉酒驾驶|受贿|贪污|非法集资|寻衅滋事|主犯|从犯|自首|庭审中.{0,6}认罪|悔罪"
)
_STRONG_CIVIL = re.compile(
    r"离婚|借款|借贷|欠款|货款|租金|物业费|违约金|侵权|劳动报酬|工资款|房屋买卖|买卖合同|租赁合同|"
    r"合同纠纷|抚养费|赡养费|继承|民事(?!诉讼请求)|彩礼|相邻|原告"
)
_PETITION = Sought(re.compile(r"起诉书"), "诉")
_INDICTMENT = Sought(re.compile(r"起诉状"), "诉")
_SENTENCED = Sought(
    re.compile(
        r"判决(?:被告人?|其|罪犯)?[^，。；：、书的处定认生后为由]{0,8}?(?:犯[\u4e00-\u9fff]{2,10}罪[，]?)?(?=(?:有期徒刑|"
        r"无期徒刑|死刑|拘役|管制[一二三六\d]|罚金))"
    ),
    "判",
)
_CONVICT = Sought(re.compile(r"(?<!判处)罪犯"), "罪")
_SUSPECT = Sought(re.compile(r"犯罪嫌疑人"), "嫌")
_BEFORE_TRIAL = re.compile(
    r"抓获|抓捕|侦查|侦破|逮捕|拘留|移送|审查起诉|提起公诉|开庭审理|受审|庭审|通缉|追捕|审讯|传唤|落网|取保候审|归案"
)
_AFTER = re.compile(
    r"服刑|减刑|假释|监狱|刑罚执行|社区矫正|收监|暂予监外|交付执行|生效|改造|特赦|移送监|执行死刑|财产刑|职务罪犯|再犯罪|释放"
)
_FINE = Sought(re.compile(r"(?:有期徒刑|拘役|管制|缓刑)[^。；]{0,24}?(?<!行政)(罚款)"), "款")
_PROBATION = Sought(re.compile(r"(?:有期徒刑|拘役)[一二三四五六七八九十\d年个月零]{1,10}[，、]?(缓期)"), "缓")
_WITHDRAWN = Sought(re.compile(r"(?:公安机关|公安局|派出所)[^，。；]{0,8}(起诉)(?!意见|至|到|讼|状)(?=[了，。])"), "诉")


def detect(scan: Scan) -> Iterator[Hit]:
    """Terms that do not go with their sentence."""
    for match, right in (*_defendants(scan), *_papers(scan), *_sentences(scan), *_people(scan)):
        start, end = match
        if not scan.shield.touches(start, end, WORDS):
            yield Hit(rule="term.context", start=start, end=end, suggestion=right)


def _defendants(scan: Scan) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _DEFENDANT.over(scan, scan.text):
        sentence = scan.around(*match.span())
        if not _STRONG_CRIMINAL.search(sentence) or re.search(
            r"原告|附带民事|民事|行政诉讼|行政案件|公益诉讼|纠纷", sentence
        ):
            continue
        yield match.span(), "被告人"
    for match in _ACCUSED.over(scan, scan.text):
        sentence = scan.around(*match.span())
        if (
            _STRONG_CIVIL.search(sentence)
            and not is_criminal(sentence.replace("被告人", ""))
            and not re.search("附带民事|自诉|刑|罪", sentence)
        ):
            yield match.span(), "被告"


def _papers(scan: Scan) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _PETITION.over(scan, scan.text):
        sentence = scan.around(*match.span())
        if re.search(r"原告|民事|离婚|纠纷|当事人|立案窗口|行政诉讼|写好|代写|递交|自然人", sentence) and not re.search(
            r"检察|公诉|公诉人|指控|刑事|被告人", sentence
        ):
            yield match.span(), "起诉状"
    for match in _INDICTMENT.over(scan, scan.text):
        sentence = scan.around(*match.span())
        if re.search(r"检察院|检察机关|公诉人|公诉机关|指控|被告人(?!数)", sentence) and not re.search(
            r"原告|民事|公益诉讼|附带|自诉|行政", sentence
        ):
            yield match.span(), "起诉书"


def _sentences(scan: Scan) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _SENTENCED.over(scan, scan.text):
        if not re.search(r"判处|并处|执行", match[0]):
            yield (match.start(), match.start() + 2), "判处"
    for match in _FINE.over(scan, scan.text):
        yield match.span(1), "罚金"
    for match in _PROBATION.over(scan, scan.text):
        yield match.span(1), "缓刑"
    for match in _WITHDRAWN.over(scan, scan.text):
        yield match.span(1), "移送审查起诉"


def _people(scan: Scan) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _CONVICT.over(scan, scan.text):
        sentence = scan.around(*match.span())
        if _BEFORE_TRIAL.search(sentence) and not _AFTER.search(sentence):
            yield match.span(), "被告人" if re.search("审理|公诉|庭审|受审|开庭", sentence) else "犯罪嫌疑人"
    for match in _SUSPECT.over(scan, scan.text):
        if re.search(
            r"^[^，。；]{0,12}(?:被?(?:本院|法院|法庭)?(?:依法)?判处|当庭认罪|上诉|庭审中|接受审判|服刑|犯[\u4e00-\u9fff]{2,8}罪，判)",
            scan.after(match.end(), 30),
        ) or re.search(r"(?:判处|判决|庭审中|法庭上|审判长问|审判长询问|宣判后)[，]?$", scan.before(match.start(), 8)):
            yield match.span(), "被告人"
