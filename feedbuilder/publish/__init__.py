"""{path: content} → output/: compare, stage, replace, prune. The only code that writes.

`output_folder` does the steps in their order, `disk` each of them; `manifest` remembers which files are ours; `guard`
compares feeds.
"""
