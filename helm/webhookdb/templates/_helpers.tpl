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
