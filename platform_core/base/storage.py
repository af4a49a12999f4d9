"""Static files under names with the hash of their content, compressed, and cached for ever by the browser."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    # `import "./menu.js"` in a module becomes the hashed name too, so that a module is never an old copy.
    support_js_module_import_aggregation = True
