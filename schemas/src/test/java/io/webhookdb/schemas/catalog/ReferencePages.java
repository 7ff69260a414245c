package io.webhookdb.schemas.catalog;

import io.webhookdb.schemas.row.TableSql;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reference of all services, as Markdown: one page per vendor and an index. */
final class ReferencePages {
    private final Catalog catalog;
    private final Map<String, String> pages = new TreeMap<>();

    private ReferencePages(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Pages by file name. */
    static Map<String, String> of(Catalog catalog) {
        ReferencePages reference = new ReferencePages(catalog);
        Map<String, List<ServiceDefinition>> vendors =
                catalog.services().stream()
                        .collect(
                                Collectors.groupingBy(
                                        ServiceDefinition::vendor,
                                        TreeMap::new,
                                        Collectors.toList()));
        vendors.forEach(
                (vendor, services) ->
                        reference.pages.put(vendor + ".md", reference.vendor(services)));
        reference.pages.put("README.md", reference.index(vendors));
        return reference.pages;
    }

    private String index(Map<String, List<ServiceDefinition>> vendors) {
        Map<Provenance.Kind, Long> kinds = new EnumMap<>(Provenance.Kind.class);
        catalog.services()
                .forEach(service -> kinds.merge(service.provenance().kind(), 1L, Long::sum));
        StringBuilder page = new StringBuilder("# Services\n\n");
        page.append("Generated from the catalogue; a test keeps it so.\n\n")
                .append(catalog.services().size())
                .append(" tables of ")
                .append(vendors.size())
                .append(" vendors. What their columns were checked against:\n\n")
                .append("| checked against | tables |\n|---|---|\n");
        for (Provenance.Kind kind : Provenance.Kind.values()) {
            page.append("| ")
                    .append(words(kind))
                    .append(" | ")
                    .append(kinds.getOrDefault(kind, 0L))
                    .append(" |\n");
        }
        page.append(
                "\n| vendor | tables | checked | webhooks | fetched |\n|---|---|---|---|---|\n");
        vendors.forEach(
                (vendor, services) ->
                        page.append("| [")
                                .append(services.get(0).vendorName())
                                .append("](")
                                .append(vendor)
                                .append(".md) | ")
                                .append(services.size())
                                .append(" | ")
                                .append(
                                        services.stream()
                                                .filter(
                                                        service ->
                                                                service.provenance().kind()
                                                                        != Provenance.Kind
                                                                                .CONSTRUCTED)
                                                .count())
                                .append(" | ")
                                .append(count(services, ServiceDefinition.Mode.WEBHOOK))
                                .append(" | ")
                                .append(count(services, ServiceDefinition.Mode.BACKFILL))
                                .append(" |\n"));
        return page.toString();
    }

    private static long count(List<ServiceDefinition> services, ServiceDefinition.Mode mode) {
        return services.stream().filter(service -> service.modes().contains(mode)).count();
    }

    private static String words(Provenance.Kind kind) {
        return switch (kind) {
            case PUBLISHED -> "example payloads the vendor publishes";
            case SDK -> "types of the vendor's own client library";
            case CONSTRUCTED -> "documentation only; no payload was at hand";
        };
    }

    private String vendor(List<ServiceDefinition> services) {
        StringBuilder page = new StringBuilder("# " + services.get(0).vendorName() + "\n");
        page.append("\nGenerated from the catalogue; a test keeps it so.\n");
        services.forEach(service -> service(service, page));
        return page.toString();
    }

    private void service(ServiceDefinition service, StringBuilder page) {
        page.append("\n## ").append(service.name()).append("\n\n");
        page.append(service.plural())
                .append(". Documented at <")
                .append(service.docsUrl())
                .append(">.\n\n");
        page.append("- Rows arrive by ")
                .append(
                        service.modes().stream()
                                .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(" and ")))
                .append(".\n- Columns: ")
                .append(words(service.provenance().kind()))
                .append(" (")
                .append(cell(service.provenance().source()))
                .append(").\n");
        if (service.supportsWebhooks()) {
            page.append("- Proof of origin: ").append(proof(service.verification())).append(".\n");
        }
        page.append("- Order: ").append(order(service)).append(".\n");
        if (!service.deletes().isEmpty()) {
            page.append("- Deleted resources keep their row, with `_deleted_at`.\n");
        }
        setup(service, page);
        columns(service, page);
        page.append("\n<details><summary>SQL</summary>\n\n```sql\n")
                .append(ddl(service))
                .append("\n```\n\n</details>\n");
    }

    private static void setup(ServiceDefinition service, StringBuilder page) {
        Setup.Conversation talk =
                service.setup().webhook() != null
                        ? service.setup().webhook()
                        : service.setup().backfill();
        page.append("\n```\nwebhookdb integrations create ").append(service.name()).append('\n');
        if (talk != null && talk.instructions() != null) {
            page.append('\n')
                    .append(talk.instructions().strip().replace("{endpoint}", "<endpoint>"))
                    .append('\n');
        }
        page.append("```\n");
    }

    private static void columns(ServiceDefinition service, StringBuilder page) {
        page.append("\n| column | type | from | index |\n|---|---|---|---|\n");
        RemoteKey key = service.key();
        page.append("| `")
                .append(key.column())
                .append("` | ")
                .append(key.type().sql())
                .append(" | ")
                .append(cell(keyPlace(key)))
                .append(" | unique |\n");
        for (Column column : service.columns()) {
            List<String> places = new ArrayList<>();
            if (column.eventPointer() != null) {
                places.add("event `" + column.eventPointer() + "`");
            }
            Stream.concat(Stream.of(column.pointer()), column.alternatives().stream())
                    .map(place -> place.isEmpty() ? "the whole" : "`" + place + "`")
                    .forEach(places::add);
            page.append("| `")
                    .append(column.name())
                    .append("` | ")
                    .append(column.type().sql())
                    .append(" | ")
                    .append(cell(String.join(", else ", places)))
                    .append(" | ")
                    .append(column.index() == Column.Index.NONE ? "" : "yes")
                    .append(" |\n");
        }
        page.append("| `data` | jsonb | the whole resource | |\n");
    }

    private static String keyPlace(RemoteKey key) {
        if (key.generated() != null) {
            return "made for every request";
        }
        if (!key.composed()) {
            return "`" + key.pointer() + "`";
        }
        return key.parts().size() == 1 && key.form() == RemoteKey.Form.TEXT
                ? key.parts().get(0).stream().collect(Collectors.joining("`, else `", "`", "`"))
                : "put together from " + key.parts();
    }

    private static String proof(Verification proof) {
        String scheme = ProblemList.word(proof.scheme());
        String where = proof.header() == null ? "" : " in `" + proof.header() + "`";
        return scheme.equals("none")
                ? "none; whoever knows the address can post to it"
                : scheme + where + " (" + cell(proof.source()) + ")";
    }

    private static String order(ServiceDefinition service) {
        if (service.versionTime().isEmpty()) {
            return "by time of receipt; the vendor sends no time, so its retries cannot be told"
                    + " from news";
        }
        return service.versionTime().stream()
                .map(
                        time ->
                                time.header() != null
                                        ? "header `" + time.header() + "`"
                                        : time.event() != null
                                                ? "event `" + time.event() + "`"
                                                : "`" + time.resource() + "`")
                .collect(Collectors.joining(", else "));
    }

    private static String ddl(ServiceDefinition service) {
        List<String> statements = new ArrayList<>();
        statements.add(TableSql.createTable(service, "public", service.name() + "_fixture"));
        statements.addAll(
                TableSql.createIndexes(
                        service, "public", service.name() + "_fixture", "svi_fixture"));
        return String.join(";\n", statements) + ";";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
