"""``xuanfa version``."""

import platform

import click

from xuanfa import __version__
from xuanfa.cli.shared import json_option, print_json


@click.command()
@json_option
def command(as_json: bool) -> None:
    if as_json:
        print_json({"xuanfa": __version__, "python": platform.python_version(), "machine": platform.machine()})
    else:
        click.echo(f"xuanfa {__version__} (Python {platform.python_version()}, {platform.machine()})")
