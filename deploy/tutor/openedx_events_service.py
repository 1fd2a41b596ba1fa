"""
A Tutor plugin that runs a TypeScript service beside Open edX. The service gets the event bus settings that LMS and CMS
have, also those that other plugins change by the patch `openedx-common-settings`. Written for Tutor 22.

    tutor plugins install ./openedx_events_service.py
    tutor plugins enable openedx_events_service
    tutor config save --set EVENTS_SERVICE_IMAGE=registry.example.org/my-service:1.0.0
"""

from __future__ import annotations

import ast
import json

from tutor import hooks

hooks.Filters.CONFIG_DEFAULTS.add_items(
    [
        ("EVENTS_SERVICE_IMAGE", "my-service:latest"),
        ("EVENTS_SERVICE_NAME", "my-service"),
        ("EVENTS_SERVICE_PORT", 8080),
        ("EVENTS_SERVICE_REPLICAS", 2),
        # More variables of its environment, such as {"EVENT_BUS_PRODUCER_CONFIG": "..."}.
        ("EVENTS_SERVICE_ENV", {}),
    ]
)


def event_bus_settings(django_settings: str) -> dict[str, str]:
    """
    Return the settings of the event bus that rendered Django settings assign. EVENT_BUS_PRODUCER_CONFIG is left out: it
    lists what the platform sends, and a service sends its own events.
    """
    found: dict[str, str] = {}
    for statement in ast.parse(django_settings).body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        name = statement.targets[0].id
        if not name.startswith("EVENT_BUS_") or name == "EVENT_BUS_PRODUCER_CONFIG":
            continue
        try:
            value = ast.literal_eval(statement.value)
        except ValueError:
            continue  # computed at run time
        if value is not None:
            found[name] = value if isinstance(value, str) else json.dumps(value)
    return found


def service_environment(django_settings: str, name: str, port: int, env: dict[str, str]) -> dict[str, str]:
    """Return the environment of the service: the settings of the platform, its name and port, and its own variables."""
    own = {"EVENTS_SERVICE_NAME": name, "PORT": str(port)}
    return {**event_bus_settings(django_settings), **own, **env}


hooks.Filters.ENV_TEMPLATE_FILTERS.add_items(
    [
        ("service_environment", service_environment),
        ("yaml_text", lambda value: json.dumps(str(value))),
        # Compose replaces a single $ by a variable of the host.
        ("compose_text", lambda value: json.dumps(str(value).replace("$", "$$"))),
    ]
)

# What a service and the platform have in common, by the names that the service reads.
ENVIRONMENT = """
{%- set settings %}{% include "apps/openedx/settings/partials/common_all.py" %}{% endset -%}
{%- set environment = settings | service_environment(
  EVENTS_SERVICE_NAME, EVENTS_SERVICE_PORT, EVENTS_SERVICE_ENV) -%}
"""

COMPOSE_SERVICE = (
    ENVIRONMENT
    + """
{{ EVENTS_SERVICE_NAME }}:
  image: {{ EVENTS_SERVICE_IMAGE }}
  restart: unless-stopped
  stop_grace_period: 30s # the default of 10 s would cut events off
  environment:
    {%- for name, value in environment.items() %}
    {{ name }}: {{ value | compose_text }}
    {%- endfor %}
  {%- if RUN_REDIS %}
  depends_on:
    - redis
  {%- endif %}
"""
)

KUBERNETES_DEPLOYMENT = (
    """---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ EVENTS_SERVICE_NAME }}
  labels:
    app.kubernetes.io/name: {{ EVENTS_SERVICE_NAME }}
spec:
  replicas: {{ EVENTS_SERVICE_REPLICAS }}
  selector:
    matchLabels:
      app.kubernetes.io/name: {{ EVENTS_SERVICE_NAME }}
  strategy:
    rollingUpdate:
      maxUnavailable: 0
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{ EVENTS_SERVICE_NAME }}
    spec:
      terminationGracePeriodSeconds: 30 # drainTimeoutMs and closeTimeoutMs are 25 s together
      containers:
        - name: service
          image: {{ EVENTS_SERVICE_IMAGE }}
          ports:
            - containerPort: {{ EVENTS_SERVICE_PORT }}
          env:"""
    + ENVIRONMENT
    + """
            {%- for name, value in environment.items() %}
            - name: {{ name }}
              value: {{ value | yaml_text }}
            {%- endfor %}
          livenessProbe:
            httpGet:
              path: /livez
              port: {{ EVENTS_SERVICE_PORT }}
          readinessProbe:
            httpGet:
              path: /readyz
              port: {{ EVENTS_SERVICE_PORT }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
"""
)

hooks.Filters.ENV_PATCHES.add_items(
    [
        ("local-docker-compose-services", COMPOSE_SERVICE),
        ("k8s-deployments", KUBERNETES_DEPLOYMENT),
    ]
)
