"""The settings of a workspace: ``xuanfa.toml``, then ``.env``, then the environment, then systemd's credentials; later ones win."""

from xuanfa.settings.load import database_address, load, place_of_setting, secrets_are_kept
from xuanfa.settings.model import ColumnTable, OrganisationTable, PublishTable, Settings
from xuanfa.settings.workspace import SETTINGS_FILE, find_workspace

__all__ = [
    "SETTINGS_FILE",
    "ColumnTable",
    "OrganisationTable",
    "PublishTable",
    "Settings",
    "database_address",
    "find_workspace",
    "load",
    "place_of_setting",
    "secrets_are_kept",
]
