package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;

/**
 * A price list of AWS ("Reading the service price list file": format version 1, JSON). Products are
 * named by SKU; terms, by kind and SKU, have offers, and those price dimensions: each of these is a
 * rate. Pure.
 */
final class AwsPrices {
    private AwsPrices() {}

    /**
     * The rates.
     *
     * @throws ApiException unreadable, if it is no such file
     */
    static ArrayNode rates(byte[] json) throws ApiException {
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new ApiException(ApiFailure.UNREADABLE, "The API's answer is no JSON.");
        }
        JsonNode products = root.path("products");
        JsonNode terms = root.path("terms");
        if (!products.isObject() || !terms.isObject()) {
            throw new ApiException(
                    ApiFailure.UNREADABLE,
                    "The API's answer is no price list of AWS: expected the members products and"
                            + " terms.");
        }
        ObjectNode file = Json.MAPPER.createObjectNode();
        file.set("publication_date", root.get("publicationDate"));
        file.set("service_code", root.get("offerCode"));
        file.set("version", root.get("version"));
        ArrayNode rates = Json.MAPPER.createArrayNode();
        for (Map.Entry<String, JsonNode> kind : terms.properties()) {
            for (Map.Entry<String, JsonNode> sku : kind.getValue().properties()) {
                JsonNode product = products.path(sku.getKey());
                for (Map.Entry<String, JsonNode> offer : sku.getValue().properties()) {
                    for (JsonNode dimension : offer.getValue().path("priceDimensions")) {
                        ObjectNode rate = file.deepCopy();
                        product(sku.getKey(), product, rate);
                        rate.put("term_type", kind.getKey());
                        rate.put("term_code", offer.getKey());
                        term(offer.getValue(), rate);
                        dimension(dimension, rate);
                        rates.add(rate);
                    }
                }
            }
        }
        return rates;
    }

    private static void product(String sku, JsonNode product, ObjectNode rate) {
        JsonNode attributes = product.path("attributes");
        rate.put("product_sku", sku);
        rate.set("product_family", product.get("productFamily"));
        rate.set("product_attributes", product.get("attributes"));
        rate.set("product_group", attributes.get("group"));
        rate.set("product_location", attributes.get("location"));
        rate.set("product_region", attributes.get("regionCode"));
        rate.set("product_operation", attributes.get("operation"));
        rate.set("product_usagetype", attributes.get("usagetype"));
    }

    private static void term(JsonNode offer, ObjectNode rate) {
        rate.set("offer_term_code", offer.get("offerTermCode"));
        rate.set("effective_date", offer.get("effectiveDate"));
        rate.set("term_attributes", offer.get("termAttributes"));
    }

    private static void dimension(JsonNode dimension, ObjectNode rate) {
        rate.set("rate_code", dimension.get("rateCode"));
        rate.set("applies_to", dimension.get("appliesTo"));
        rate.set("description", dimension.get("description"));
        rate.set("unit", dimension.get("unit"));
        number(dimension, "beginRange", "begin_range", rate);
        // "Inf": there is no end.
        number(dimension, "endRange", "end_range", rate);
        rate.set("price_per_unit_raw", dimension.get("pricePerUnit"));
        for (Map.Entry<String, JsonNode> price : dimension.path("pricePerUnit").properties()) {
            rate.put("price_per_unit_currency", price.getKey());
            rate.set("price_per_unit_amount", price.getValue());
            break;
        }
    }

    private static void number(JsonNode from, String name, String member, ObjectNode rate) {
        String text = from.path(name).asText("");
        try {
            rate.put(member, new BigDecimal(text));
        } catch (NumberFormatException e) {
            rate.putNull(member);
        }
    }
}
