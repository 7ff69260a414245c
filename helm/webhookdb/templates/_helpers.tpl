{{- define "webhookdb.name" -}}
{{- printf "%s" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "webhookdb.selector" -}}
app.kubernetes.io/name: webhookdb
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end -}}

{{- define "webhookdb.labels" -}}
{{ include "webhookdb.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "webhookdb.image" -}}
{{ .root.Values.image.prefix }}/{{ .image }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end -}}

{{- define "webhookdb.kafka" -}}
{{- if .Values.kafka.bootstrap -}}
{{ .Values.kafka.bootstrap }}
{{- else if .Values.strimzi.enabled -}}
{{ include "webhookdb.name" . }}-kafka-bootstrap:9092
{{- else -}}
{{ fail "kafka.bootstrap is empty: give the host:port list of your Kafka, or set strimzi.enabled" }}
{{- end -}}
{{- end -}}

{{/* How Kafka is reached: variables, mounts and volumes of every part that speaks to it. */}}
{{- define "webhookdb.kafkaEnv" -}}
{{- $security := .Values.kafka.security -}}
{{- if and .Values.strimzi.enabled (ne $security.protocol "PLAINTEXT") -}}
{{ fail (printf "kafka.security.protocol is %s, but the cluster that strimzi.enabled makes speaks PLAINTEXT only: make a cluster of your own" $security.protocol) }}
{{- end -}}
- {name: WEBHOOKDB_KAFKA_BOOTSTRAP, value: {{ include "webhookdb.kafka" . | quote }}}
{{- if ne $security.protocol "PLAINTEXT" }}
- {name: WEBHOOKDB_KAFKA_SECURITY_PROTOCOL, value: {{ $security.protocol }}}
{{- end }}
{{- if hasPrefix "SASL" $security.protocol }}
- {name: WEBHOOKDB_KAFKA_SASL_MECHANISM, value: {{ $security.sasl.mechanism }}}
- {name: WEBHOOKDB_KAFKA_SASL_USERNAME, value: {{ required "kafka.security.sasl.username is needed with SASL" $security.sasl.username | quote }}}
- {name: WEBHOOKDB_KAFKA_SASL_PASSWORD_FILE, value: /kafka/password}
{{- end }}
{{- if hasSuffix "SSL" $security.protocol }}
{{- if $security.tls.caSecretName }}
- {name: WEBHOOKDB_KAFKA_TLS_CA, value: /kafka/ca.crt}
{{- end }}
{{- if $security.tls.certificateSecretName }}
- {name: WEBHOOKDB_KAFKA_TLS_CERTIFICATE, value: /kafka/tls.crt}
- {name: WEBHOOKDB_KAFKA_TLS_KEY, value: /kafka/tls.key}
{{- end }}
{{- end }}
{{- end -}}

{{/* The sources of the one folder /kafka; empty where there is no secret. */}}
{{- define "webhookdb.kafkaSecrets" -}}
{{- $security := .Values.kafka.security -}}
{{- if hasPrefix "SASL" $security.protocol }}
- secret:
    name: {{ required "kafka.security.sasl.passwordSecretName is needed with SASL" $security.sasl.passwordSecretName }}
    items:
      - {key: {{ $security.sasl.passwordSecretKey }}, path: password}
{{- end }}
{{- if hasSuffix "SSL" $security.protocol }}
{{- with $security.tls.caSecretName }}
- secret:
    name: {{ . }}
    items:
      - {key: {{ $security.tls.caSecretKey }}, path: ca.crt}
{{- end }}
{{- with $security.tls.certificateSecretName }}
- secret:
    name: {{ . }}
    items:
      - {key: tls.crt, path: tls.crt}
      - {key: tls.key, path: tls.key}
{{- end }}
{{- end }}
{{- end -}}

{{- define "webhookdb.kafkaMount" -}}
{{- if include "webhookdb.kafkaSecrets" . | trim }}
- {name: kafka, mountPath: /kafka, readOnly: true}
{{- end }}
{{- end -}}

{{- define "webhookdb.kafkaVolume" -}}
{{- with include "webhookdb.kafkaSecrets" . | trim }}
- name: kafka
  projected:
    defaultMode: 0440
    sources:
      {{- . | nindent 6 }}
{{- end }}
{{- end -}}

{{/* A listener's certificate: variables, volume, and what its port is called. */}}
{{- define "webhookdb.tlsEnv" -}}
- {name: WEBHOOKDB_{{ .part | upper }}_TLS_CERTIFICATE, value: /tls/tls.crt}
- {name: WEBHOOKDB_{{ .part | upper }}_TLS_KEY, value: /tls/tls.key}
{{- end -}}

{{- define "webhookdb.tlsVolume" -}}
- name: tls
  secret:
    secretName: {{ .secretName }}
    defaultMode: 0440
{{- end -}}

{{- define "webhookdb.probe" -}}
httpGet: {path: /healthz, port: http{{ if .secretName }}, scheme: HTTPS{{ end }}}
{{- end -}}

{{- define "webhookdb.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "webhookdb.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "webhookdb.placement" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Only the files a part needs: an ingest pod cannot open a database password. */}}
{{- define "webhookdb.keysets" -}}
- name: keysets
  secret:
    secretName: {{ .root.Values.keysets.secretName }}
    defaultMode: 0440
    items:
      {{- range .files }}
      - {key: {{ . }}, path: {{ . }}}
      {{- end }}
{{- end -}}

{{- define "webhookdb.databaseUrl" -}}
- name: WEBHOOKDB_DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.urlSecret.name }}
      key: {{ .Values.database.urlSecret.key }}
{{- end -}}

{{- define "webhookdb.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "webhookdb.selector" . | nindent 8 }}
{{- end -}}

{{/* Jobs that run, as a comma-separated list. */}}
{{- define "webhookdb.jobs" -}}
{{- $names := list -}}
{{- range $name := list "replication" "delivery" "sync" "backfill" -}}
{{- if (index $.Values.jobs $name).enabled -}}{{- $names = append $names $name -}}{{- end -}}
{{- end -}}
{{- join "," $names -}}
{{- end -}}
