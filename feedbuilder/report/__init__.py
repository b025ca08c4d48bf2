"""The report on a build: what is out, what is not, what is to be mended, and how the show has grown.

build, output/ ──checkup, captions──▶ facts ──page, data──▶ output/report/
"""
