"""``xuanfa retry``."""

from xuanfa.cli.decisions import decision
from xuanfa.domain.act import Retry

command = decision(Retry)
