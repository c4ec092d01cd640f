"""What broke a connection, in the reader's language, whichever library says it: its own words are English, and may hold an address with
its secrets."""

import errno
import os
import re
import socket
import ssl
from pathlib import Path
from typing import Final

from xuanfa.domain.errors import machine_words
from xuanfa.domain.language import in_each, say

_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
#: By the class name, of httpx, httpcore and smtplib, none of which this layer may import; the nearest in the order of inheritance counts.
_KINDS: Final = {
    "ConnectTimeout": "很久没有连上",
    "ReadTimeout": "等了很久没有回答",
    "WriteTimeout": "发到一半，对方很久没有收",
    "PoolTimeout": "同时进行的请求太多，没有轮到",
    "TimeoutException": "等了很久没有回应",
    "TimeoutError": "等了很久没有回应",
    "ConnectError": "连不上",
    "ReadError": "等回答时连接中断",
    "WriteError": "发送时连接中断",
    "CloseError": "连接没有正常关闭",
    "NetworkError": "连接中断",
    "RemoteProtocolError": "对方没有答完就挂断，或回答不合 HTTP",
    "LocalProtocolError": "请求不合 HTTP",
    "ProtocolError": "回答不合 HTTP",
    "ProxyError": "代理服务器不放行",
    "UnsupportedProtocol": "地址不是 http 或 https",
    "InvalidURL": "地址写法不对",
    "DecodingError": "回答的压缩格式不对",
    "TooManyRedirects": "一直被引到别处",
    "RequestError": "连接出了问题",
    "SMTPServerDisconnected": "邮件服务器中途挂断",
    "SMTPException": "邮件服务器的回答不合规",
}


#: What OpenSSL finds wrong with a certificate (https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/).
_CERTIFICATES: Final = {
    9: "证书还没有生效，请核对本机时间",
    10: "证书已过期，或本机时间快了",
    18: "证书是自签的",
    19: "证书链里有自签的证书",
    20: "签发证书的机构不在本机信任之列",
    21: "证书链不完整",
    62: "证书不是发给这个域名的，可能被上网认证或代理截住",
    64: "证书不是发给这个地址的",
}


#: Those of them whom this machine does not know as an authority.
_STRANGERS: Final = frozenset({18, 19, 20, 21})


def broken_words(error: BaseException) -> str:
    """What happened, and why where the system has told. In English the library's own words are told with their kind."""
    kind = type(error).__name__
    known = next((_KINDS[cls.__name__] for cls in type(error).__mro__ if cls.__name__ in _KINDS), "")
    why = reason_words(error)
    zh = (known + ("（" + why + "）") if known else why) if why else known or kind
    return in_each(zh, f"{kind}: {error}")


def reason_words(error: BaseException) -> str:
    """Why, by what the operating system, the resolver or TLS said at the bottom of it; or by our own words on the way."""
    found = ""
    cause: BaseException | None = error
    while cause is not None:
        found = _reason(cause) or found
        cause = cause.__cause__ or cause.__context__  # httpcore leaves only the second
    return found


def certificate_words(error: ssl.SSLCertVerificationError) -> str:
    """What is wrong with a certificate."""
    said = str(error.verify_message)
    words = say(_CERTIFICATES.get(error.verify_code, said), said)
    return words + _where_to_put_ones_own() if error.verify_code in _STRANGERS else words


def _where_to_put_ones_own() -> str:
    """The remedy for an authority that is not known; and what the environment names in vain, which OpenSSL passes over in silence."""
    named = next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if _is_in_vain(os.environ.get(name, ""))), "")
    if named:
        return say("；环境变量 {name} 指的文件不存在", "; what the variable {name} names does not exist", name=named)
    return say("；单位自己的机构证书请写进 ca_file", "; put an office's own authority into ca_file")


def _is_in_vain(path: str) -> bool:
    return bool(path) and not Path(path).exists()


def _reason(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return certificate_words(error)
    if isinstance(error, ssl.SSLError):
        return say("加密没有谈成，对方可能不用 TLS，或版本太旧", str(error.reason or error))
    if isinstance(error, socket.gaierror):
        return say("域名解析失败", str(error))
    if isinstance(error, OSError) and error.errno in errno.errorcode:
        return machine_words(error)
    said = str(error)
    status = re.match(r"\d{3}\b", said)  # of a proxy
    return said if _CHINESE.search(said) else status[0] if status else ""
