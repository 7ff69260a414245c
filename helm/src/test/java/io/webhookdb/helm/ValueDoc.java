package io.webhookdb.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One value of the chart as its file describes it: the line {@code # --} above it is its reason.
 */
record ValueDoc(String path, String reason, String standard) {
    private static final Pattern REASON = Pattern.compile("^ *# -- (.*)$");
    private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z]+):.*$");

    static List<ValueDoc> all() throws IOException {
        JsonNode values = Chart.YAML.readTree(Chart.FOLDER.resolve("values.yaml").toFile());
        List<ValueDoc> found = new ArrayList<>();
        List<String> path = new ArrayList<>();
        String reason = null;
        for (String line : Files.readAllLines(Chart.FOLDER.resolve("values.yaml"))) {
            Matcher comment = REASON.matcher(line);
            Matcher key = KEY.matcher(line);
            if (comment.matches()) {
                reason = comment.group(1);
            } else if (key.matches()) {
                int depth = key.group(1).length() / 2;
                while (path.size() > depth) {
                    path.remove(path.size() - 1);
                }
                path.add(key.group(2));
                if (reason != null) {
                    String pointer = "/" + String.join("/", path);
                    found.add(
                            new ValueDoc(
                                    String.join(".", path),
                                    reason,
                                    new JsonMapper().writeValueAsString(values.at(pointer))));
                    reason = null;
                }
            }
        }
        return found;
    }

    /** The chart's page. */
    static String readme() throws IOException {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Chart of WebhookDB

                        Needs Kafka, Postgres 14 or newer and the Flink Kubernetes Operator; everything else is optional.
                        See [docs/kubernetes.md](../../docs/kubernetes.md) for the way from nothing to a running system.

                        ```sh
                        helm install hooks helm/webhookdb -f my-values.yaml
                        ```

                        The table is made from the comments of `values.yaml`.

                        | value | default | why |
                        |---|---|---|
                        """);
        for (ValueDoc value : all()) {
            page.append("| `")
                    .append(value.path)
                    .append("` | `")
                    .append(value.standard.replace("|", "\\|"));
            page.append("` | ").append(value.reason.replace("|", "\\|")).append(" |\n");
        }
        return page.toString();
    }
}
