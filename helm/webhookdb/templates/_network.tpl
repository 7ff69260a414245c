{{- define "webhookdb.from" -}}
- ports:
    - {port: {{ .port }}}
  {{- with .root.Values.networkPolicies.ingressNamespace }}
  from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ . }}
    {{- with $.root.Values.networkPolicies.monitoringNamespace }}
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ . }}
    {{- end }}
  {{- end }}
{{- end -}}

{{- define "webhookdb.scrape" -}}
- ports:
    - {port: {{ .port }}}
  {{- with .root.Values.networkPolicies.monitoringNamespace }}
  from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ . }}
  {{- end }}
{{- end -}}

{{- define "webhookdb.replicationServers" -}}
- ports:
    {{- range .Values.replication.ports }}
    - {port: {{ . }}}
    {{- end }}
{{- end -}}

{{/* What may be called outside. The jobs check the address they dial; this is the second fence. */}}
{{- define "webhookdb.outbound" -}}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        {{- with .Values.outbound.denied }}
        except:
          {{- toYaml . | nindent 10 }}
        {{- end }}
  ports:
    {{- range .Values.outbound.ports }}
    - {port: {{ . }}}
    {{- end }}
{{- end -}}
