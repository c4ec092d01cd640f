"""The second factor (动态码): six digits of an application on one's own phone, RFC 6238. Digits are taken once."""

from typing import Final

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.store import sessions

#: Seconds that six digits are good for (RFC 6238, the step that all applications know), and how many steps a phone's clock may be off.
STEP: Final = 30
_OFF: Final = 1


def set_up(desk: Desk, user: str) -> str:
    """A new secret, base32, which is not asked for before ``require_digits`` has taken digits of it."""
    import pyotp  # noqa: PLC0415 - needed where somebody signs in

    secret = pyotp.random_base32()
    with desk.store.write() as connection:
        sessions.set_factor(connection, user, secret, desk.clock())
    return str(secret)


def address_of(desk: Desk, user: str, secret: str) -> str:
    """What a phone reads from the square code: ``otpauth://…`` (the key URI that authenticator applications share)."""
    import pyotp  # noqa: PLC0415

    return str(pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=f"宣发 {desk.organisation.name}"))


def require_digits(desk: Desk, user: str, digits: str) -> None:
    """Take six digits, once. Raises StateError for wrong ones, for those that were used, and where there is no second factor."""
    import pyotp  # noqa: PLC0415

    now = desk.clock()
    typed = "".join(filter(str.isdigit, digits))
    with desk.store.write() as connection:
        factor = sessions.factor_of(connection, user)
        if factor is None:
            raise StateError(say("还没有设动态码。", "There is no second factor yet."))
        code, present = pyotp.TOTP(factor.secret), int(now.timestamp()) // STEP
        step = next((n for n in range(present - _OFF, present + _OFF + 1) if code.at(n * STEP) == typed), None)
        if step is None or step <= factor.used_step:
            raise StateError(
                say(
                    "六位数字不对，或者已经用过。请等手机上换了一组再输。",
                    "The six digits are wrong, or were used. Wait for the next ones on the phone.",
                )
            )
        sessions.use_factor(connection, user, step, now)


def drop(desk: Desk, user: str) -> None:
    """No six digits are asked for any more."""
    with desk.store.write() as connection:
        sessions.drop_factor(connection, user)


def unproved_secret(desk: Desk, user: str) -> str | None:
    """The secret of a second factor that was made and not proved yet; ``None`` where there is none, and for one that is in use."""
    with desk.store.read() as connection:
        factor = sessions.factor_of(connection, user)
    return None if factor is None or factor.proved else factor.secret
