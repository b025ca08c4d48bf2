"""{path: content} → output/: compare, stage, replace, prune. The only code that writes.

`output_folder` does the steps in their order: `plan` compares and stages files, `verdict` decides whether they may take
the place of what is out, `disk` does whatever happens to a file. `generations` keeps whole folders, and `rollback` puts
an older one out again. `manifest` remembers which files are ours. `published_feed` reads feeds, `feed_changes` compares
two of them, `shrinkage` their texts; `guard` knows which changes break a promise, `acceptance` what `--accept` lets
pass.
"""
