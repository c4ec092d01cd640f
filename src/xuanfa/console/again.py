"""Before what is grave: the person shows again that it is them, by six digits, or by the password where they have none."""

from xuanfa.console.visit import Visit
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.people import sessions


def is_asked(visit: Visit) -> bool:
    """Whether a form has to ask for it: nothing was shown in the last minutes."""
    return not visit.me.is_fresh(visit.now)


def require_again(visit: Visit) -> None:
    """Take what the form's field ``again`` holds. Raises StateError for what is wrong or missing."""
    if not is_asked(visit):
        return
    if visit.house.again.wait(visit.me.user.name):
        raise StateError(say("试得太频繁，请过一分钟再输。", "Too many tries; wait a minute."))
    shown = visit.form.get("again", "")
    if not isinstance(shown, str) or not shown:
        raise StateError(
            say("这一步要再确认是您本人：请填六位动态码。", "This step asks again that it is you: type the six digits.")
            if visit.me.has_factor
            else say("这一步要再确认是您本人：请填密码。", "This step asks again that it is you: type the password.")
        )
    sessions.show_again(visit.desk, visit.me, shown)
