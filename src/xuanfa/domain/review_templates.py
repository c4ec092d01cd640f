"""The review templates that come with the program, as data, each with its basis. An office changes them in ``[review.templates.ID]``.

The four gates are those of 国办发〔2018〕123号 (政治关、法律关、保密关、文字关), ticked one by one. That secrecy is looked at for each
item by itself is 保密法 第35条 with 实施条例 第42条 (both 2024). Who holds which step differs from office to office; the roles here are the
usual ones (issued rules of counties and bureaus, 2022 to 2024), and so are two working days for an ordinary item and one for an urgent one.
"""

from typing import Final

from xuanfa.domain.review import Step, StepKind, Template

_TWO_DAYS: Final = 16
_ONE_DAY: Final = 8
_HALF: Final = 4
_WORDS, _FACTS, _LAW, _SECRECY, _POLITICS = "文字关", "事实关", "法律关", "保密关", "政治关"


def _proof(name: str, hours: int = _HALF) -> Step:
    return Step(name=name, kind=StepKind.PROOF, role="proofreader", checks=(_WORDS,), hours=hours, may_edit=True)


def _secrecy() -> Step:
    return Step(name="保密审查", kind=StepKind.SECRECY, role="secrecy", checks=(_SECRECY,), hours=_HALF)


SHIPPED: Final[dict[str, Template]] = {
    template.id: template
    for template in (
        Template(
            id="regular",
            name="常规稿",
            basis="三审三校；国办发〔2018〕123号（分级分类审核、先审后发）；互联网政务应用安全管理规定（在编人员审核、审核记录）",
            steps=(
                Step(
                    name="一审",
                    kind=StepKind.REVIEW,
                    role="editor",
                    checks=(_FACTS, _WORDS),
                    hours=_HALF,
                    may_edit=True,
                ),
                _proof("一校"),
                Step(name="二审", kind=StepKind.REVIEW, role="reviewer", checks=(_LAW,), hours=_ONE_DAY),
                _proof("二校"),
                _secrecy(),
                _proof("三校"),
                Step(name="三审（签发）", kind=StepKind.REVIEW, role="approver", checks=(_POLITICS,), hours=_ONE_DAY),
            ),
        ),
        Template(
            id="repost",
            name="转载稿",
            basis="国办发〔2018〕123号：只转载党政网站和规定稿源，注明来源，不歪曲标题；上级要求转载的以 24 小时计",
            steps=(
                Step(
                    name="转载审核",
                    kind=StepKind.REVIEW,
                    role="editor",
                    checks=("来源", "标题"),
                    hours=2,
                    may_edit=True,
                ),
                Step(name="签发", kind=StepKind.REVIEW, role="approver", checks=(_POLITICS,), hours=_HALF),
            ),
        ),
        Template(
            id="case",
            name="涉案稿",
            basis="法释〔2016〕19号（当事人信息）；未成年人保护法第103条；保密法第35条：逐项审查",
            steps=(
                Step(
                    name="一审",
                    kind=StepKind.REVIEW,
                    role="editor",
                    checks=(_FACTS, "案件已可公开", "承办法官同意"),
                    hours=_ONE_DAY,
                    may_edit=True,
                ),
                _proof("一校"),
                Step(
                    name="二审",
                    kind=StepKind.REVIEW,
                    role="reviewer",
                    checks=(_LAW, "当事人隐名", "未成年人"),
                    hours=_ONE_DAY,
                ),
                _proof("二校"),
                _secrecy(),
                _proof("三校"),
                Step(name="三审（签发）", kind=StepKind.REVIEW, role="approver", checks=(_POLITICS,), hours=_ONE_DAY),
            ),
        ),
        Template(
            id="major",
            name="重大稿",
            basis="重要稿件由主要领导签发（各地三审三校制度）；敏感案件事先报告上级",
            steps=(
                Step(
                    name="一审",
                    kind=StepKind.REVIEW,
                    role="editor",
                    checks=(_FACTS, _WORDS),
                    hours=_ONE_DAY,
                    may_edit=True,
                ),
                _proof("一校"),
                Step(name="二审", kind=StepKind.REVIEW, role="reviewer", checks=(_LAW,), hours=_ONE_DAY),
                _proof("二校"),
                _secrecy(),
                _proof("三校"),
                Step(name="三审", kind=StepKind.REVIEW, role="approver", checks=(_POLITICS,), hours=_TWO_DAYS),
                Step(
                    name="主要领导签发",
                    kind=StepKind.REVIEW,
                    role="approver",
                    checks=("已按规定报告上级",),
                    hours=_TWO_DAYS,
                ),
            ),
        ),
        Template(
            id="small",
            name="小单位",
            basis="宣传人员 2 至 4 人的单位：校对可以合并，撰稿和终审不能是同一人",
            steps=(
                _proof("校对"),
                Step(name="保密审查", kind=StepKind.SECRECY, role="secrecy", checks=(_SECRECY,), hours=_HALF),
                Step(
                    name="终审（签发）",
                    kind=StepKind.REVIEW,
                    role="approver",
                    checks=(_POLITICS, _LAW, _WORDS),
                    hours=_ONE_DAY,
                ),
            ),
        ),
    )
}
