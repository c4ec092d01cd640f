"""Email through a real SMTP server with encryption and sign-in."""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage

from tests.support.adapting import NOW
from tests.support.mail_server import free_port
from tests.unit.mail.conftest import KEY, Bind, Start, _rejected, order, render
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.attempt import Order
from xuanfa.domain.outcome import Blame, Deferred, Published, Unsent
from xuanfa.domain.post import Post


def test_a_post_arrives_encrypted_signed_in_and_readable_in_every_mail_program(
    start: Start, bind_mail: Bind, media: MediaStore, post: Post
) -> None:
    mailbox, port = start()
    adapter = bind_mail(port)
    outcome = adapter.publish(order(render(adapter, post, media, "site")))
    assert isinstance(outcome, Published), outcome
    assert "1A2B3C" in outcome.receipt.evidence
    [taken] = mailbox.taken
    assert taken.mail_from == "column@court.example.gov.cn"
    assert taken.rcpt_tos == ["a@example.gov.cn", "b@example.gov.cn", "c@example.gov.cn"]
    message = email.message_from_bytes(taken.content, policy=email.policy.SMTP)  # type: ignore[arg-type]
    assert message["Subject"] == "【我们在行动】巡回审判到田间"
    assert message["From"].addresses[0].display_name == "金昌市中级人民法院"
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == f"<{KEY}@court.example.gov.cn>"
    assert message["List-Id"] == "<action.court.example.gov.cn>"
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert isinstance(text, EmailMessage)
    assert isinstance(page, EmailMessage)
    assert "\n.一行以点开头\n" in text.get_content().replace("\r", "")
    assert "网页版：https://www.example.gov.cn/tianjian/" in text.get_content()
    [picture] = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert f'src="cid:{picture["Content-ID"].strip("<>")}" width="624"' in page.get_content()
    assert picture.get_content() == media.path(post.pictures[0]).read_bytes()


def test_readers_do_not_see_each_other_unless_the_office_says_so(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    bind_mail(port).publish(plain())
    bind_mail(
        port, show_recipients=True, reply_to="office@example.gov.cn", unsubscribe="mailto:no@example.gov.cn"
    ).publish(plain())
    hidden, shown = (email.message_from_bytes(taken.content, policy=email.policy.SMTP) for taken in mailbox.taken)  # type: ignore[arg-type]
    assert hidden["To"].addresses[0].addr_spec == "column@court.example.gov.cn"
    assert b"a@example.gov.cn" not in mailbox.taken[0].content  # type: ignore[operator]
    assert [address.addr_spec for address in shown["To"].addresses] == [
        "a@example.gov.cn",
        "b@example.gov.cn",
        "c@example.gov.cn",
    ]
    assert shown["Reply-To"] == "office@example.gov.cn"
    assert shown["List-Unsubscribe"] == "<mailto:no@example.gov.cn>"


def test_the_same_order_is_the_same_bytes_in_every_try(
    start: Start, bind_mail: Bind, media: MediaStore, post: Post
) -> None:
    mailbox, port = start()
    rendition = render(bind_mail(port), post, media)
    for attempt in (1, 2):
        bind_mail(port).publish(order(rendition, attempt=attempt))
    assert mailbox.taken[0].content == mailbox.taken[1].content
    assert mailbox.taken[0].content.isascii()  # type: ignore[union-attr]


def test_a_wrong_password_is_the_operators_and_is_not_shown(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    adapter = bind_mail(port, password="Not-The-Password-1")
    for findings in ([*adapter.diagnose()], [*_rejected(adapter.publish(plain()), Blame.CHANNEL)]):
        assert [finding.code for finding in findings] == ["email.sign_in"]
        assert "授权码" in findings[0].message
        assert "Not-The-Password-1" not in findings[0].message
    assert mailbox.taken == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    _, port = start()
    adapter = bind_mail(port, ca_file="")
    assert _rejected(adapter.publish(plain()), Blame.CHANNEL)[0].code == "email.certificate"


def test_a_server_without_encryption_is_not_told_the_password(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start(encrypted=False)
    assert _rejected(bind_mail(port).publish(plain()), Blame.CHANNEL)[0].code == "email.unsupported"
    assert isinstance(bind_mail(port, security="none", username="").publish(plain()), Published)
    assert len(mailbox.taken) == 1


def test_a_diagnosis_signs_in_and_sends_nothing(start: Start, bind_mail: Bind) -> None:
    mailbox, port = start()
    assert bind_mail(port).diagnose() == []
    assert [finding.code for finding in bind_mail(free_port()).diagnose()] == ["email.connect"]
    assert mailbox.taken == []


def test_readers_who_are_refused_for_good_are_named_in_the_receipt(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    mailbox.refuse = {"b@example.gov.cn": "550 no such user"}
    outcome = bind_mail(port).publish(plain())
    assert isinstance(outcome, Published)
    assert "b@example.gov.cn (550 no such user)" in outcome.receipt.evidence
    assert mailbox.taken[0].rcpt_tos == ["a@example.gov.cn", "c@example.gov.cn"]


def test_a_reader_who_is_refused_for_the_moment_is_waited_for_but_not_for_ever(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    mailbox.refuse = {"b@example.gov.cn": "450 greylisted"}
    for attempt in (1, 2, 3):
        assert isinstance(bind_mail(port).publish(plain(attempt)), Deferred)
    assert mailbox.taken == []
    assert isinstance(bind_mail(port).publish(plain(4)), Published)


def test_readers_who_are_all_refused_are_the_operators(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    mailbox.refuse = {f"{name}@example.gov.cn": "550 no such user" for name in "abc"}
    assert _rejected(bind_mail(port).publish(plain()), Blame.CHANNEL)[0].code == "email.recipients"
    mailbox.refuse["c@example.gov.cn"] = "451 try later"
    assert isinstance(bind_mail(port).publish(plain()), Deferred)


def test_a_message_that_is_refused_after_reading_is_the_authors(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    mailbox.refuse = {"DATA": "554 looks like spam"}
    assert _rejected(bind_mail(port).publish(plain()), Blame.CONTENT)[0].code == "email.message"
    mailbox.refuse = {"DATA": "451 disk full"}
    assert isinstance(bind_mail(port).publish(plain()), Deferred)


def test_a_message_larger_than_the_server_takes_is_refused_before_it_is_sent(
    start: Start, bind_mail: Bind, media: MediaStore, post: Post
) -> None:
    mailbox, port = start(size=2000)
    adapter = bind_mail(port)
    assert _rejected(adapter.publish(order(render(adapter, post, media))), Blame.CONTENT)[0].code == "email.too_large"
    assert mailbox.taken == []


def test_a_closed_port_means_that_nothing_was_sent(bind_mail: Bind, plain: Callable[..., Order]) -> None:
    assert isinstance(bind_mail(free_port()).publish(plain()), Unsent)
