package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import org.junit.jupiter.api.Test;

class AwsPricesTest {
    /** The example of "Reading an offer", shortened. */
    private static final String FILE =
            """
            {"formatVersion":"v1.0","offerCode":"AmazonSNS","version":"20231020000000",
             "publicationDate":"2023-10-20T00:00:00Z",
             "products":{"SKU1":{"sku":"SKU1","productFamily":"Message Delivery","attributes":
               {"servicecode":"AmazonSNS","location":"US East (N. Virginia)","group":"SNS-Email",
                "regionCode":"us-east-1","usagetype":"DeliveryAttempts-SMTP","operation":""}}},
             "terms":{"OnDemand":{"SKU1":{"SKU1.T1":{"offerTermCode":"T1","sku":"SKU1",
               "effectiveDate":"2023-10-01T00:00:00Z","termAttributes":{"a":"b"},"priceDimensions":{
                "SKU1.T1.R1":{"rateCode":"SKU1.T1.R1","description":"First","beginRange":"0",
                 "endRange":"1000","unit":"Notifications","pricePerUnit":{"USD":"0.0"},
                 "appliesTo":[]},
                "SKU1.T1.R2":{"rateCode":"SKU1.T1.R2","description":"Then","beginRange":"1000",
                 "endRange":"Inf","unit":"Notifications","pricePerUnit":{"USD":"0.00002"},
                 "appliesTo":["SKU2"]}}}}}}}
            """;

    @Test
    void makesAnObjectOfEveryRateOfEveryTerm() throws ApiException {
        ArrayNode rates = AwsPrices.rates(FILE.getBytes(UTF_8));

        assertThat(rates)
                .extracting(rate -> rate.get("rate_code").asText())
                .containsExactly("SKU1.T1.R1", "SKU1.T1.R2");
        JsonNode second = rates.get(1);
        assertThat(second.get("service_code").asText()).isEqualTo("AmazonSNS");
        assertThat(second.get("product_group").asText()).isEqualTo("SNS-Email");
        assertThat(second.get("product_region").asText()).isEqualTo("us-east-1");
        assertThat(second.get("term_type").asText()).isEqualTo("OnDemand");
        assertThat(second.get("term_code").asText()).isEqualTo("SKU1.T1");
        assertThat(second.get("begin_range").decimalValue()).isEqualByComparingTo("1000");
        assertThat(second.get("end_range").isNull()).as("Inf is no end").isTrue();
        assertThat(second.get("price_per_unit_amount").asText()).isEqualTo("0.00002");
        assertThat(second.get("price_per_unit_currency").asText()).isEqualTo("USD");
        assertThat(second.at("/applies_to/0").asText()).isEqualTo("SKU2");
    }

    @Test
    void refusesWhatIsNoPriceList() {
        assertThatThrownBy(() -> AwsPrices.rates("{\"offers\":{}}".getBytes(UTF_8)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("products and terms");
    }
}
