package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** {@code db fdw}: the SQL that connects another Postgres server. Holds the reader's password. */
public final class ForeignDataRoutes {
    /** Postgres cuts longer names, and then two may become one. */
    private static final int NAME_BYTES = 63;

    private final Jdbi jdbi;
    private final Access access;
    private final ReaderUrls urls;

    public ForeignDataRoutes(Jdbi jdbi, Access access, ReaderUrls urls) {
        this.jdbi = jdbi;
        this.access = access;
        this.urls = urls;
    }

    /** Adds the routes; the second is an old address. */
    public void addTo(Router router) {
        router.post(Paths.DATABASE + "/fdw", this::sql)
                .post(Paths.ONE_ORGANIZATION + "/fdw", this::sql);
    }

    private Object sql(Request request) {
        Organization organization = access.member(request).organization();
        ForeignDataSql sql =
                new ForeignDataSql(
                        name(request, "remote_server_name", "webhookdb_remote"),
                        fetchSize(request),
                        name(request, "local_schema", "webhookdb_remote"),
                        name(request, "view_schema", "webhookdb"));
        if (sql.localSchema().equals(sql.viewSchema())) {
            throw ApiException.validation("view_schema", "must differ from local_schema");
        }
        Map<String, String> views = sql.views(sources(organization));
        String tablesSql = sql.tables(urls.of(organization), urls.schema(organization));
        String viewsSql =
                Stream.concat(Stream.of(sql.schema()), views.values().stream())
                        .collect(Collectors.joining("\n"));
        String compoundSql = tablesSql + "\n\n" + viewsSql;
        String message = compoundSql;
        if (request.text("message_fdw").equals("true")) {
            message = tablesSql;
        } else if (request.text("message_views").equals("true")) {
            message = viewsSql;
        }
        return new ForeignData(tablesSql, viewsSql, compoundSql, views, message);
    }

    private List<ForeignDataSql.Source> sources(Organization organization) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT opaque_id, service_name, table_name FROM"
                                                + " integrations WHERE organization_id ="
                                                + " :organization AND state = 'active' AND"
                                                + " table_ready_at IS NOT NULL ORDER BY id")
                                .bind("organization", organization.id())
                                .map(
                                        (row, context) ->
                                                new ForeignDataSql.Source(
                                                        row.getString(1),
                                                        row.getString(2),
                                                        row.getString(3)))
                                .list());
    }

    private static String name(Request request, String parameter, String assumed) {
        String name = request.text(parameter).isEmpty() ? assumed : request.text(parameter);
        if (name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES
                || name.chars().anyMatch(Character::isISOControl)
                || name.startsWith("pg_")) {
            throw ApiException.validation(
                    parameter,
                    "must have at most "
                            + NAME_BYTES
                            + " bytes, no control characters, and not start with pg_");
        }
        return name;
    }

    private static int fetchSize(Request request) {
        String text = request.text("fetch_size");
        if (text.isEmpty()) {
            return 50_000;
        }
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw ApiException.validation("fetch_size", "must be a number from 1 to 999999999");
        }
        return Integer.parseInt(text);
    }

    /** The contract's form. */
    record ForeignData(
            String fdwSql,
            String viewsSql,
            String compoundSql,
            Map<String, String> views,
            String message) {}
}
