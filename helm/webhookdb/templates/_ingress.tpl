{{- define "webhookdb.ingress" -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "webhookdb.name" .root }}-{{ .part }}
  labels:
    {{- include "webhookdb.labels" . | nindent 4 }}
  {{- with .ingress.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- if .ingress.tlsSecretName }}
  tls:
    - hosts: [{{ required (printf "%s.ingress.host is needed with an Ingress" .part) .ingress.host }}]
      secretName: {{ .ingress.tlsSecretName }}
  {{- end }}
  rules:
    - host: {{ required (printf "%s.ingress.host is needed with an Ingress" .part) .ingress.host }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {{ include "webhookdb.name" .root }}-{{ .part }}
                port: {name: {{ if (index .root.Values .part).tls.secretName }}https{{ else }}http{{ end }}}
{{- end -}}
