"""Recalling (收回签发): whoever let a post leave takes that back, as far as nothing of it has left. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from xuanfa.domain.delivery import MAY_BE_OUT, Delivery, State
from xuanfa.domain.language import say
from xuanfa.domain.planning import taken_back
from xuanfa.domain.remedy import Remedy, option
from xuanfa.domain.review import Decision, Deed, Standing
from xuanfa.domain.review_leaving import right_to_leave
from xuanfa.domain.reviewing import Member, Saying, Table, line_of, refuse, require_able, require_clock
from xuanfa.domain.user import Role


def may_recall(stands: Standing, who: Member) -> bool:
    """Whether this person may take back what may leave now: whoever has approved it, in whose name that was, or an administrator."""
    right = right_to_leave(stands)
    return right is not None and (who.name in {right.by, right.principal} or Role.ADMIN in who.roles)


def recall(table: Table, saying: Saying, left: "Left") -> Decision:
    """The line of taking it back: the last step is asked again. Raises StateError for anybody else, without a reason, and where nothing of it
    is left to be taken back."""
    require_clock(table)
    require_able(saying.who)
    right = right_to_leave(table.stands)
    if right is None:
        refuse(
            "本稿现在没有签发，没有可收回的", "nothing of the post may leave now, so that there is nothing to take back"
        )
    if not may_recall(table.stands, saying.who):
        refuse(
            "本稿由{holder}签发，只有本人或管理员能收回，{who}不能",
            "the post was approved by {holder}, who alone takes that back, or an administrator; {who} may not",
            holder=say("、", ", ").join(table.display(name) for name in (right.by, right.principal) if name),
            who=saying.who.display,
        )
    if not saying.why.strip():
        refuse("收回签发要写明原因{by}", "say why it is taken back{by}", by=option("--why"))
    if not left.is_any:
        refuse(
            "没有还能收回的：{what}",
            "nothing of it is left to be taken back: {what}",
            what=say("；", "; ").join(left.remarks) or say("要发的都已取消", "all that was to be sent is cancelled"),
        )
    return line_of(table, Deed.RECALLED, saying, step=len(table.review.template.steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What of a post can still be taken back, and what is told of the rest."""

    is_any: bool
    remarks: tuple[str, ...] = ()


def what_is_left(sending: Sequence[Delivery], *, is_correcting: bool, post: str) -> Left:
    """By the deliveries of a post as they stand now; ``is_correcting``: a change of what is out waits."""
    under_way = [each for each in sending if each.state is State.PUBLISHING]
    doubtful = [each for each in sending if each.state is State.UNKNOWN or each.may_be_public]
    out = [each for each in sending if each.state in MAY_BE_OUT and each not in under_way and each not in doubtful]
    told = (
        (
            under_way,
            "{channels} 正在发，停不下来，会照常发完：发出以后要撤，请撤稿（{withdraw}）",
            "{channels} is being sent at this moment and goes on: withdraw it afterwards ({withdraw})",
        ),
        (
            doubtful,
            "{channels} 可能已经发出，收不回：请先核实，发出了的请撤稿（{withdraw}）",
            "{channels} may be out and is not taken back: settle that first, and withdraw what is out ({withdraw})",
        ),
        (
            out,
            "{channels} 已经发出，收不回：要撤，请撤稿（{withdraw}）",
            "{channels} is out and is not taken back: to take it down, withdraw it ({withdraw})",
        ),
    )
    return Left(
        is_any=is_correcting or any(taken_back(each, "") != each for each in sending),
        remarks=tuple(
            say(
                zh,
                en,
                channels=say("、", ", ").join(each.channel for each in some),
                withdraw=Remedy("withdraw", post, why=None),
            )
            for some, zh, en in told
            if some
        ),
    )
