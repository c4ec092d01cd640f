"""A fault to practise on: what a rehearsed channel can be made to do wrong."""

from enum import StrEnum


class Fault(StrEnum):
    """What can go wrong. All but ``UNREACHABLE`` strike after the request was received and acted upon: the sender cannot know. A ``SLOW``
    answer comes whole in the end."""

    UNREACHABLE = "unreachable"
    SILENCE = "silence"
    RESET = "reset"
    SERVER_ERROR = "server_error"
    HALF_AN_ANSWER = "half_an_answer"
    WRONG_JSON = "wrong_json"
    SLOW = "slow"
