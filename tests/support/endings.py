"""How requests end, for tests in which only what follows from it matters."""

from datetime import timedelta

from xuanfa.domain.finding import Finding
from xuanfa.domain.outcome import Blame, Published, Rejected
from xuanfa.domain.receipt import Receipt

HOUR = timedelta(hours=1)
PUBLISHED = Published(receipt=Receipt(remote_id="7", address="https://www.example.gov.cn/7", evidence="200"))
REFUSED = Rejected(findings=(Finding(code="x", message="内容不合规定"),), blame=Blame.CONTENT)
LOCKED_OUT = Rejected(findings=(Finding(code="x", message="密钥失效"),), blame=Blame.CHANNEL)
