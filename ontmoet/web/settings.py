"""The settings of the app that is running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from ontmoet.config import Config


def current_config() -> Config:
    """What the surroundings decided, as this app was made with it."""
    config: Config = current_app.extensions["ontmoet_config"]
    return config
