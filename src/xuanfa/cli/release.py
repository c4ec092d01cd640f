"""``xuanfa release``."""

from xuanfa.cli.decisions import decision
from xuanfa.domain.act import Release

command = decision(Release)
