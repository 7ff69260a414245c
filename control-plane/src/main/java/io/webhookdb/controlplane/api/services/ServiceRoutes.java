package io.webhookdb.controlplane.api.services;

import io.webhookdb.controlplane.api.auth.Tokens;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.CatalogTotals;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.TableSql;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** {@code /v1/organizations/{org}/services} and {@code /v1/services}. */
public final class ServiceRoutes {
    private static final String SCHEMA = "public";
    private static final List<List<String>> TOTALS =
            List.of(
                    List.of("by", "By"),
                    List.of("name", "Name"),
                    List.of("tables", "Tables"),
                    List.of("vendors", "Vendors"),
                    List.of("meaning", "What it is"));

    private final Access access;
    private final OrganizationCatalog offered;
    private final Catalog described;

    /**
     * @param offered services that can be integrated
     * @param described services whose tables are known; more than the offered ones
     */
    public ServiceRoutes(Access access, OrganizationCatalog offered, Catalog described) {
        this.access = access;
        this.offered = offered;
        this.described = described;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(Paths.ONE_ORGANIZATION + "/services", this::list)
                .get(Paths.ONE_ORGANIZATION + "/services/totals", this::totals)
                .get("/v1/services/{service}/fixtures", this::fixtures);
    }

    private Object list(Request request) {
        Member member = access.member(request);
        List<Service> services =
                offered.services(member.organization().id()).stream()
                        .map(definition -> new Service(definition.name(), ""))
                        .toList();
        return Listing.of(services, "", List.of(List.of("name", "Name")));
    }

    private Object totals(Request request) {
        long organization = access.member(request).organization().id();
        return Listing.of(CatalogTotals.of(offered.services(organization)), "", TOTALS);
    }

    private Object fixtures(Request request) {
        String name = request.text("service");
        ServiceDefinition service =
                described
                        .service(name)
                        .orElseThrow(
                                () ->
                                        ApiException.permission(
                                                "There is no service "
                                                        + name
                                                        + " that everybody has, and others have no"
                                                        + " fixtures. Run `webhookdb services"
                                                        + " list`."));
        List<String> statements = new ArrayList<>();
        String table = name + "_fixture";
        statements.add(TableSql.createTable(service, SCHEMA, table));
        statements.add(filledBookkeeping(table));
        statements.addAll(TableSql.createIndexes(service, SCHEMA, table, indexPrefix(name)));
        return new Fixtures(String.join(";\n", statements) + ";", "");
    }

    /** Tests insert rows of what they are about; nothing else fills the bookkeeping here. */
    private static String filledBookkeeping(String table) {
        return "ALTER TABLE "
                + TableSql.qualified(SCHEMA, table)
                + "\n  ALTER COLUMN "
                + TableSql.VERSION
                + " SET DEFAULT '',\n  ALTER COLUMN "
                + TableSql.SYNCED_AT
                + " SET DEFAULT now()";
    }

    /**
     * As long as a real one, and another for each service: several may be loaded into one schema.
     */
    private static String indexPrefix(String service) {
        return "svi_fixture_" + HexFormat.of().formatHex(Tokens.sha256(service), 0, 6);
    }

    /** One service of the list. */
    record Service(String name, String message) {}

    /** Statements that make a service's table. */
    record Fixtures(String schemaSql, String message) {}
}
