"""What an AI has made: how a post says so, and what stands before its summary where a channel shows nothing else."""

from typing import Final

#: The value of a post's ``ai`` whose text an AI has made.
GENERATED: Final = "generated"
BEFORE: Final = "【人工智能生成】"
