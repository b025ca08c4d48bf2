# syntax=docker/dockerfile:1
# feedbuilder in a container: no build tools, no root, nothing to write to but what is mounted.
#
#   docker build --tag feedbuilder .
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --network none \
#     --user "$(id -u):$(id -g)" --volume "$PWD:/show" feedbuilder
#
# The folder with feedbuilder.yaml is mounted at /show. It holds the ledger, so it must be writable, as must the output.

FROM python:3.13-slim AS build
# For captions that follow the sound: --build-arg EXTRAS=[align]
ARG EXTRAS=""
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY feedbuilder feedbuilder
COPY seeds seeds
RUN python -m venv /opt/feedbuilder \
 && /opt/feedbuilder/bin/pip install --no-cache-dir ".${EXTRAS}" \
 && /opt/feedbuilder/bin/pip uninstall --yes pip

FROM python:3.13-slim
RUN pip uninstall --yes --root-user-action=ignore pip
COPY --from=build /opt/feedbuilder /opt/feedbuilder
ENV PATH=/opt/feedbuilder/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /show
ENTRYPOINT ["feedbuilder"]
CMD ["build"]
