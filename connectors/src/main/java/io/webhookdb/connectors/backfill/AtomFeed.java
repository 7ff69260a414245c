package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * Reads an Atom feed (RFC 4287) as the catalogue describes. No DTDs, nothing is loaded. Many feeds
 * are not well-formed for ampersands alone, in addresses mostly: these stand for themselves.
 */
final class AtomFeed {
    /** What XML knows without a DTD. */
    private static final Pattern REFERENCE =
            Pattern.compile("&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});");

    private static final String CDATA = "<![CDATA[";

    private AtomFeed() {}

    /** The entries as an array of objects. */
    static ArrayNode entries(byte[] xml) throws ApiException {
        ArrayNode entries = Json.MAPPER.createArrayNode();
        Element feed = document(xml).getDocumentElement();
        for (Node node = feed.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element entry && entry.getNodeName().equals("entry")) {
                entries.add(entry(entry));
            }
        }
        return entries;
    }

    private static Document document(byte[] xml) throws ApiException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            factory.setNamespaceAware(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            try {
                return builder.parse(new ByteArrayInputStream(xml));
            } catch (SAXException e) {
                return builder.parse(new ByteArrayInputStream(withoutStrayAmpersands(xml)));
            }
        } catch (SAXException | IOException e) {
            throw new ApiException(
                    ApiFailure.UNREADABLE, "The API's answer is no well-formed Atom feed.");
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The JDK's XML parser has these features", e);
        }
    }

    /** In every encoding that keeps ASCII, whichever it is. Looks at every letter once. */
    private static byte[] withoutStrayAmpersands(byte[] xml) {
        String text = new String(xml, ISO_8859_1);
        Matcher reference = REFERENCE.matcher(text);
        StringBuilder mended = new StringBuilder(text.length() + 64);
        int at = 0;
        while (at < text.length()) {
            int end = at + 1;
            if (text.startsWith(CDATA, at)) {
                end = text.indexOf("]]>", at);
                end = end < 0 ? text.length() : end;
            }
            mended.append(text, at, end);
            if (text.charAt(at) == '&' && !reference.region(at, text.length()).lookingAt()) {
                mended.append("amp;");
            }
            at = end;
        }
        return mended.toString().getBytes(ISO_8859_1);
    }

    private static ObjectNode entry(Element entry) throws ApiException {
        ObjectNode object = Json.MAPPER.createObjectNode();
        for (Node node = entry.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                object.set(element.getNodeName(), value(element));
            }
        }
        return object;
    }

    private static JsonNode value(Element element) throws ApiException {
        String text = element.getTextContent().strip();
        return switch (element.getNodeName()) {
            case "link", "category" -> attributes(element).put("text", text);
            case "content" -> attributes(element).put("value", inner(element));
            default -> Json.MAPPER.getNodeFactory().textNode(text);
        };
    }

    private static ObjectNode attributes(Element element) {
        ObjectNode object = Json.MAPPER.createObjectNode();
        NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            object.put(attributes.item(i).getNodeName(), attributes.item(i).getNodeValue());
        }
        return object;
    }

    private static String inner(Element element) throws ApiException {
        boolean markup = false;
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            markup |= node instanceof Element;
        }
        if (!markup) {
            return element.getTextContent().strip();
        }
        try {
            Transformer writer = TransformerFactory.newInstance().newTransformer();
            writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter text = new StringWriter();
            for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
                writer.transform(new DOMSource(node), new StreamResult(text));
            }
            return text.toString().strip();
        } catch (TransformerException e) {
            throw new ApiException(
                    ApiFailure.UNREADABLE, "The content of an Atom entry cannot be read.");
        }
    }
}
