"""Archive on disk → records: the only code that reads the owner's files.

`walk` finds the files, `front_matter` parts header from body, `yaml_nodes` turns YAML into positioned text, `records`
gives it types, `archive` does all four for every file and collects every fault. `people` and `media` read what
episodes refer to.
"""
