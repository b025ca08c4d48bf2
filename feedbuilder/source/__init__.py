"""Archive on disk → records: the only code that reads the owner's files.

`walk` finds the files, `decoding` makes text of their bytes, `front_matter` parts header from body, `yaml_nodes` turns
YAML into positioned text, `field_names` renames it, `records` gives it types; `archive` does all this for every file
and collects every fault. `people` and `media` read what episodes refer to, `settings` reads the config.
"""
