"""The W3C feed validator's cases of episodes, podcasts and whole documents; and all its cases together."""

from __future__ import annotations

from typing import Final

from small_feed import RSS, feed
from w3c_case import Case, in_channel, in_item, with_guids
from w3c_element_cases import ELEMENTS
from w3c_text_cases import ADDRESS_LINES, DATES, PEOPLE, TEXTS

EPISODES: Final = (
    in_item("rss20/element-channel-item-guid/missing_guid", "MissingGuid", "-guid", "I5"),
    in_item("rss20/element-channel-item-guid/invalid_guid_blank", "InvalidHttpGUID", "<guid></guid>", "I5"),
    in_item("rss20/element-channel-item-guid/invalid_guid_value", "InvalidHttpGUID", "<guid>one</guid>", "I5b"),
    in_item("rss20/element-channel-item-guid/invalid_guid_value_explicit_isPermalink", "InvalidHttpGUID",
          '<guid isPermaLink="true">one</guid>', "I5b"),
    in_item("rss20/element-channel-item-guid/invalid_guid_invalid_isPermalink", "InvalidBooleanAttribute",
          '<guid isPermaLink="yes">https://a.example/1</guid>', "I5b"),
    in_item("rss20/element-channel-item-guid/guid_value_isPermaLink_badAttributeCase", "UnexpectedAttribute",
          '<guid isPermalink="true">https://a.example/1</guid>', "I5b"),
    in_item("rss20/element-channel-item-guid/invalid_permalink_tag", "InvalidPermalink",
          "<guid>tag:a.example,2005:id/1</guid>", "I5b"),
    in_item("rss20/element-channel-item-guid/invalid_permalink_uuid", "InvalidPermalink",
          "<guid>urn:uuid:45bcfb83-2afb-5925-bcd6-a5ffd1b23b9f</guid>", "I5b"),
    in_item("rss20/element-channel-item-guid/guid", "ValidHttpGUID", "<guid>https://a.example/1</guid>"),
    in_item("rss20/element-channel-item-guid/guid_value_isPermalink_false", "ValidBooleanAttribute",
          '<guid isPermaLink="false">one</guid>'),
    in_item("rss20/element-channel-item-guid/guid_value_isPermalink_true", "ValidHttpGUID",
          '<guid isPermaLink="true">https://a.example/1</guid>'),
    in_item("rss20/element-channel-item-guid/valid_permalink_url", "!InvalidPermalink",
          "<guid>https://a.example/weblog/1</guid>"),
    in_item("rss20/element-channel-item-guid/guid_isLargeInteger", "!NotSufficientlyUnique",
          '<guid isPermaLink="false">123456789</guid>'),
    in_item("rss20/element-channel-item-guid/guid_isSmallInteger", "NotSufficientlyUnique",
          '<guid isPermaLink="false">123456</guid>', "", "own-scope"),
    in_item("rss/should/noncanonical_uri_1", "NonCanonicalURI", "<guid>https://a.example</guid>", "",
          "compared-as-written"),
    in_item("rss/should/noncanonical_uri_4", "NonCanonicalURI", "<guid>https://a.example/%7Esmith/</guid>", "",
          "compared-as-written"),
    with_guids("guid_duplicate_value", "DuplicateValue", "", '<guid isPermaLink="false">one</guid>', "I5d"),
    with_guids("guid_duplicate_value_cdata", "DuplicateValue", "<guid>https://a.example/?a=1&amp;b=2</guid>",
           "<guid><![CDATA[https://a.example/?a=1&b=2]]></guid>", "I5d"),
    with_guids("guid_duplicate_value_ncr", "DuplicateValue", "<guid>https://a.example/?a=1&amp;b=2</guid>",
           "<guid>https://a.example/?a=1&#38;b=2</guid>", "I5d"),
    with_guids("guid_duplicate_value_url", "!DuplicateValue", "<guid>https://a.example/?a=1&amp;b=2</guid>",
           "<guid>https://a.example/?a=1%26b=2</guid>"),
    *(
        in_item(f"rss20/element-channel-item-enclosure/{name}", says, f"<enclosure {attributes}/>", ours, why)
        for name, says, attributes, ours, why in (
            ("item_enclosure_url", "ValidURLAttribute", 'url="https://a.example/1.mp3" length="1" type="audio/mpeg"',
             "", ""),
            ("item_enclosure_url_with_port", "ValidURLAttribute",
             'url="https://a.example:8080/1.mp3" length="1" type="audio/mpeg"', "", ""),
            ("item_enclosure_https_url", "ValidURLAttribute", 'url="https://a.example/" length="1" type="audio/mpeg"',
             "I3c", "apple-ending"),
            ("item_enclosure_zero_length", "!Error", 'url="https://a.example/1.mp3" length="0" type="audio/mpeg"', "I4",
             "apple-length"),
            ("invalid_item_enclosure_zero_length", "InvalidIntegerAttribute",
             'url="https://a.example/1.mp3" length="0" type="audio/mpeg"', "I4", ""),
            ("invalid_item_enclosure_blank_length", "InvalidIntegerAttribute",
             'url="https://a.example/1.mp3" length="" type="audio/mpeg"', "I4", ""),
            ("invalid_item_enclosure_decimal_length", "InvalidIntegerAttribute",
             'url="https://a.example/1.mp3" length="1.5" type="audio/mpeg"', "I4", ""),
            ("invalid_item_enclosure_invalid_length", "InvalidIntegerAttribute",
             'url="https://a.example/1.mp3" length="big" type="audio/mpeg"', "I4", ""),
            ("invalid_item_enclosure_negative_length", "InvalidIntegerAttribute",
             'url="https://a.example/1.mp3" length="-1" type="audio/mpeg"', "I4", ""),
            ("invalid_item_enclosure_no_length", "MissingAttribute", 'url="https://a.example/1.mp3" type="audio/mpeg"',
             "I4", ""),
            ("invalid_item_enclosure_no_type", "MissingAttribute", 'url="https://a.example/1.mp3" length="1"', "I3b",
             ""),
            ("invalid_item_enclosure_invalid_type", "InvalidMIMEAttribute",
             'url="https://a.example/1.mp3" length="1" type="mp3"', "I3b", ""),
            ("invalid_item_enclosure_no_url", "MissingAttribute", 'length="1" type="audio/mpeg"', "I3", ""),
            ("invalid_item_enclosure_invalid_url", "InvalidURLAttribute", 'url="a/1.mp3" length="1" type="audio/mpeg"',
             "U1", ""),
        )
    ),
)  # fmt: skip
PODCASTS: Final = (
    *(
        in_item(f"ext/itunes/{name}", says, f"<itunes:duration>{value}</itunes:duration>", ours, why)
        for name, says, value, ours, why in (
            ("duration_seconds", "!InvalidDuration", "95", "", ""),
            ("abbreviated_duration", "!InvalidDuration", "7:40", "I8b", "whole-seconds"),
            ("invalid_duration", "InvalidDuration", "00:07:74", "I8 I8b", ""),
        )
    ),
    *(
        in_item(f"ext/itunes/{name}", says, f"<itunes:explicit>{value}</itunes:explicit>", ours, why)
        for name, says, value, ours, why in (
            ("lowercase_explicit_value", "!InvalidYesNoClean", "yes", "I10", "apple-values"),
            ("invalid_explicit_value", "InvalidTrueFalse", "very", "I10", ""),
            ("whitespace_in_explicit_value", "InvalidYesNoClean", " yes ", "I10 X6", ""),
        )
    ),
    in_item("ext/itunes/duplicate_explicit_value", "DuplicateElement",
          "<itunes:explicit>true</itunes:explicit><itunes:explicit>true</itunes:explicit>", "X10"),
    in_channel("ext/itunes/missing_explicit", "MissingItunesElement", "-itunes:explicit", "C6"),
    in_channel("ext/itunes/incomplete_category", "MissingItunesElement", "-itunes:category", "C5"),
    in_channel("ext/itunes/missing_lang", "MissingItunesElement", "-language", "C4"),
    in_channel("ext/itunes/missing_itunes_email", "MissingItunesEmail", "-itunes:owner", "C15"),
    in_channel("ext/itunes/missing_owner_email", "MissingElement",
             "<itunes:owner><itunes:name>me</itunes:name></itunes:owner>", "C15"),
    in_channel("ext/itunes/invalid_owner_email", "InvalidContact",
             "<itunes:owner><itunes:email>me</itunes:email></itunes:owner>", "C15b"),
    in_channel("ext/itunes/duration_in_channel", "UndefinedElement", "<itunes:duration>95</itunes:duration>", "X7"),
    in_channel("ext/itunes/new_feed_url", "!UndefinedElement",
             "<itunes:new-feed-url>https://b.example/feed.xml</itunes:new-feed-url>"),
    *(
        in_channel(f"ext/itunes/{name}", says, category, ours)
        for name, says, category, ours in (
            ("valid_category", "!InvalidItunesCategory", '<itunes:category text="Technology"/>', ""),
            ("valid_category_with_ampersand", "!InvalidItunesCategory",
             '<itunes:category text="Kids &amp;amp; Family"/>'.replace("&amp;amp;", "&amp;"), ""),
            ("valid_subcategory", "!InvalidItunesCategory",
             '<itunes:category text="Arts"><itunes:category text="Food"/></itunes:category>', ""),
            ("missing_category", "MissingAttribute", "<itunes:category/>", "C5"),
            ("invalid_category", "InvalidItunesCategory", '<itunes:category text="Everything"/>', "C5"),
            ("invalid_subcategory", "InvalidItunesCategory",
             '<itunes:category text="Technology"><itunes:category text="Everything"/></itunes:category>', "C5"),
            ("invalid_category_and_sub", "InvalidItunesCategory",
             '<itunes:category text="Foo"><itunes:category text="Bar"/></itunes:category>', "C5"),
            ("obsolete_category", "ObsoleteItunesCategory", '<itunes:category text="Travel"/>', "C5"),
        )
    ),
    in_channel("ext/itunes/invalid_channeltype", "InvalidItunesChannelType", "<itunes:type>random</itunes:type>",
               "C13"),
    in_item("ext/itunes/invalid_episodetype", "InvalidItunesEpisodeType",
          "<itunes:episodeType>random</itunes:episodeType>", "I13"),
    in_item("ext/itunes/valid_episode", "!InvalidPositiveInteger", "<itunes:episode>4</itunes:episode>"),
    in_item("ext/itunes/invalid_episode", "InvalidPositiveInteger", "<itunes:episode>A</itunes:episode>", "I11"),
    in_item("ext/itunes/invalid_season", "InvalidPositiveInteger", "<itunes:season>A</itunes:season>", "I12"),
    in_item("ext/itunes/image_absolute_https_url", "!InvalidLink", '<itunes:image href="https://a.example/1.jpg"/>'),
    in_item("ext/itunes/image_absolute_url", "!InvalidLink", '<itunes:image href="http://a.example/1.jpg"/>', "U2",
            "https"),
    in_item("ext/itunes/image_no_url", "MissingAttribute", "<itunes:image/>", "I9"),
    in_item("ext/itunes/image_relative_url", "InvalidLink", '<itunes:image href="/1.jpg"/>', "U1"),
    in_item("ext/itunes/invalid_block_value", "InvalidYesNoClean", "<itunes:block>Absolutely</itunes:block>", "",
          "block-does-nothing"),
    in_item("ext/itunes/missing_block_value", "InvalidYesNoClean", "<itunes:block/>", "", "block-does-nothing"),
    in_item("ext/itunes/invalid_keywords", "InvalidKeywords", "<itunes:keywords>a b c</itunes:keywords>", "C23"),
    in_item("ext/itunes/keywords_contains_html", "ContainsHTML",
          "<itunes:keywords>&lt;b&gt;a&lt;/b&gt;</itunes:keywords>", "C23 X9b"),
    in_item("ext/itunes/keywords_too_long", "TooLong", f"<itunes:keywords>{'x' * 256}</itunes:keywords>", "C23"),
    in_item("ext/itunes/subtitle_contains_html", "ContainsHTML",
          "<itunes:subtitle>&lt;b&gt;a&lt;/b&gt;</itunes:subtitle>", "C23 X9b"),
    in_item("ext/itunes/subtitle_too_long", "TooLong", f"<itunes:subtitle>{'x' * 256}</itunes:subtitle>", "C23"),
    in_item("ext/itunes/summary_contains_html", "ContainsHTML", "<itunes:summary>&lt;b&gt;a&lt;/b&gt;</itunes:summary>",
          "C23"),
    in_item("ext/itunes/summary_too_long", "TooLong", f"<itunes:summary>{'x' * 4001}</itunes:summary>", "C23"),
    in_item("ext/itunes/unsupported_format", "UnsupportedItunesFormat",
          '<enclosure url="https://a.example/1.wmv" length="9" type="video/x-ms-wmv"/>', "I3c"),
    Case("ext/itunes/non_utf8", "NotUTF8", feed().replace("UTF-8", "iso-8859-1"), "X2"),
)  # fmt: skip
DOCUMENTS: Final = (
    Case("rss20/data-types-characterdata/amp-HEX-upper", "SAXError", feed().replace(">Green<", ">a&#X26;o<"), "X1"),
    Case("xml/xml_declares_wrong_encoding", "UnicodeError",
         feed().replace("Green<", "\xa3<").encode("latin-1"), "X1 X2"),
    Case("rss/should/xml_obscure_encoding_gb2312", "ObscureEncoding",
         feed().replace("UTF-8", "gb2312").replace(">Green<", ">绿茶<").encode("gb2312"), "X2"),
    Case("rss/should/system_entity", "ContainsSystemEntity",
         feed().replace("?>", '?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///x">]>', 1), "X1"),
    Case("rss/must/doctype", "ValidDoctype",
         feed().replace("?>",
              '?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "https://b.example/d">',
                        1), "X1", "no-doctype"),
    Case("rss/may/nonstandard_prefix", "NonstdPrefix",
         feed(rss=RSS.replace("xmlns:itunes", "xmlns:apple")).replace("itunes:", "apple:"), "X5c"),
    Case("rss/should/reserved_prefix", "ReservedPrefix",
         feed(rss=RSS.replace(">", ' xmlns:dc="https://b.example/made-up">')), "", "other-namespaces"),
    Case("rss/should/duplicate_pubDate", "DuplicateSemantics",
         feed("<pubDate>Tue, 31 Dec 2002 14:20:20 GMT</pubDate>",
              rss=RSS.replace(">", ' xmlns:dc="http://purl.org/dc/elements/1.1/">'),
              ).replace("</channel>", "<dc:date>2002-12-31</dc:date></channel>"), "", "other-namespaces"),
)  # fmt: skip

CASES: Final = (
    *ADDRESS_LINES, *DATES, *TEXTS, *PEOPLE, *ELEMENTS, *EPISODES, *PODCASTS, *DOCUMENTS,
)  # fmt: skip
