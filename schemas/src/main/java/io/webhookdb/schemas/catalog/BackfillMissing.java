package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * A listing that is complete tells what is gone. After a complete run (never after one that stopped
 * early) each living row it did not bring becomes an item with its last {@code data} and {@code
 * true} in this member; a delete rule of the service recognises it. Where rows are visited one by
 * one, the complete listing is that of one of them, and what is gone is gone of it.
 *
 * @param member name in the item; one the vendor does not use, unless {@code object} is given
 * @param object what stands there instead of {@code true}; a row that has it is left alone; may be
 *     null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillMissing(String member, Map<String, String> object) {}
