package io.webhookdb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of what use every other test's check is. */
class TestingContractTest {
    private static final String LIST =
            "{'items':[{'opaque_id':'a','service_name':'b','table_name':'c'}],'message':'',"
                    + "'display_headers':[['service_name','Name'],['table_name','Table'],"
                    + "['opaque_id','Id']]}";
    private static final String STEP =
            "{'message':'','needs_input':true,'prompt':'p','prompt_is_secret':false,"
                    + "'post_to_url':'/x','post_params':{},'post_params_value_key':'value',"
                    + "'complete':false,'output':'','error_code':'','extras':{}}";
    private static final String INTEGRATIONS = "/v1/organizations/7/service_integrations";

    @Test
    void findsNothingWrongWithWhatIsRight() throws IOException {
        assertThat(problems("get", INTEGRATIONS, 200, LIST)).isEmpty();
        assertThat(problems("post", INTEGRATIONS + "/create", 200, STEP)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'items':[ | 'rows':[",
                "'message':'', | ",
                "['table_name','Table'] | {'table_name':'Table'}",
                "['table_name','Table'], | ",
                "'table_name':'c' | 'table_name':1",
                "'opaque_id':'a' | 'opaque_id':null",
                "'service_name':'b' | 'service_name':['b']"
            })
    void findsWhatBreaksLists(String right, String wrong) throws IOException {
        String broken = LIST.replace(right, wrong == null ? "" : wrong);
        assertThat(broken).isNotEqualTo(LIST);
        assertThat(problems("get", INTEGRATIONS, 200, broken)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'needs_input':true | 'needs_input':false",
                "'needs_input':true | 'needs_input':'true'",
                "'complete':false | 'complete':true",
                "'prompt':'p' | 'prompt':' '",
                "'post_to_url':'/x' | 'post_to_url':'/My%20Org'",
                "'extras':{} | 'extras':{'a':1}",
                "'output':'', | "
            })
    void findsWhatBreaksSteps(String right, String wrong) throws IOException {
        String broken = STEP.replace(right, wrong == null ? "" : wrong);
        assertThat(broken).isNotEqualTo(STEP);
        assertThat(problems("post", INTEGRATIONS + "/create", 200, broken)).isNotEmpty();
    }

    @Test
    void findsNumbersThatTerminalsMangleAndStatusesThatDoNotExist() throws IOException {
        String targets =
                "{'items':[{'opaque_id':'a','connection_url':'b','period_seconds':%s,"
                        + "'page_size':1}],'message':'','display_headers':["
                        + "['opaque_id','Id'],['connection_url','URL'],"
                        + "['associated_object_display','Associated'],"
                        + "['last_synced_at','Last Synced'],['latency','Latency'],"
                        + "['period_seconds','Period'],['page_size','Page Size']]}";
        String path = "/v1/organizations/7/sync_targets/http";
        assertThat(problems("get", path, 200, targets.formatted("60"))).isEmpty();
        assertThat(problems("get", path, 200, targets.formatted("1000000"))).hasSize(1);
        assertThat(problems("get", path, 202, targets.formatted("60"))).hasSize(1);
        assertThat(problems("get", path, 403, "{'error':{'status':400,'message':''}}")).hasSize(1);
        assertThat(problems("get", path, 403, "{'error':'no'}")).isNotEmpty();
    }

    private static List<String> problems(String method, String path, int status, String json)
            throws IOException {
        return TestingContract.problems(
                method,
                path,
                status,
                JsonMapper.builder().build().readTree(json.replace('\'', '"')),
                Map.of());
    }
}
