package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
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

/** Reads an Atom feed (RFC 4287) as the catalogue describes. No DTDs, nothing is loaded. */
final class AtomFeed {
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
            return builder.parse(new ByteArrayInputStream(xml));
        } catch (SAXException | IOException e) {
            throw new ApiException(
                    ApiFailure.UNREADABLE, "The API's answer is no well-formed Atom feed.");
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The JDK's XML parser has these features", e);
        }
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
