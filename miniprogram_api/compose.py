"""Puts the program together from its settings: the only place that knows every part."""

from datetime import timedelta

from backend import capabilities
from backend.core import clock, crypto, db, logging
from backend.core.db import Database
from backend.core.settings import Settings
from backend.support.attachments import store
from backend.support.notifications import templates
from backend.wechat.client import WechatClient
from miniprogram_api import console, h5
from miniprogram_api.app import MiniProgramApi, create_app
from miniprogram_api.http import Services


def services_for(settings: Settings, database: Database) -> Services:
    keys = crypto.from_settings(settings)
    return Services(
        settings=settings,
        crypto=keys,
        wechat=WechatClient(settings, database, keys),
        rules=capabilities.rules(settings),
        store=store.from_settings(settings),
    )


def build(settings: Settings) -> MiniProgramApi:
    """Return the application; no connection is opened before the first request."""
    logging.configure(settings.log_level)
    clock.move(timedelta(seconds=settings.clock_offset_seconds))
    templates.check(settings)
    url = settings.database_url.get_secret_value()
    database = db.connect(url, pool_size=settings.db_pool_size, application_name="party-api")
    app = create_app(database, services_for(settings, database))
    h5.serve(app, settings.h5_folder)
    console.serve(app, settings.console_folder)
    return app
