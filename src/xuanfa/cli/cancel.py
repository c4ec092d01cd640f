"""``xuanfa cancel``."""

from xuanfa.cli.decisions import decision
from xuanfa.domain.act import Cancel

command = decision(Cancel)
