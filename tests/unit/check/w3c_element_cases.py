"""The W3C feed validator's cases of elements: which there must be, may be, how often, with what in them."""

from __future__ import annotations

from typing import Final

from small_feed import DECLARATION, RSS, feed
from w3c_case import Case, in_channel, in_item, twice, with_cloud, with_image, with_input

ELEMENTS: Final = (
    *(
        in_channel(f"rss20/element-channel/missing_channel_{name}", f"Missing{name.title()}", f"-{name}", ours)
        for name, ours in (("title", "C1"), ("link", "C3"), ("description", "C2"))
    ),
    *(
        twice("channel", line, ours)
        for line, ours in (
            ('<cloud domain="a.example" port="80" path="/" registerProcedure="x" protocol="soap"/>', "X10"),
            ("<copyright>Robin</copyright>", "X10"), ("<description>Tea.</description>", "X10"),
            ("<docs>https://a.example/</docs>", "X10"), ("<generator>x</generator>", "X10"),
            ("<language>en</language>", "X10"), ("<link>https://a.example/</link>", "X10"),
            ("<lastBuildDate>Tue, 31 Dec 2024 06:00:00 GMT</lastBuildDate>", "X10"),
            ("<managingEditor>me@a.example (Me)</managingEditor>", "X10"),
            ("<pubDate>Tue, 31 Dec 2024 06:00:00 GMT</pubDate>", "X10"), ("<title>Tea</title>", "X10"),
            ("<skipDays><day>Monday</day></skipDays>", "X10"), ("<skipHours><hour>1</hour></skipHours>", "X10"),
            ("<ttl>60</ttl>", "X10"), ("<webMaster>me@a.example (Me)</webMaster>", "X10"),
            ("<image><url>https://a.example/s.jpg</url><title>T</title><link>https://a.example/</link></image>", "X10"),
            ("<textInput><title>T</title><description>D</description><name>n</name><link>https://a.example/</link>"
             "</textInput>", "X10"),
        )
    ),
    *(
        twice("item", line, ours)
        for line, ours in (
            ("<author>me@a.example (Me)</author>", "X10"), ("<comments>https://a.example/c</comments>", "X10"),
            ("<description>Tea.</description>", "X10"), ("<link>https://a.example/1</link>", "X10"),
            ("<pubDate>Tue, 31 Dec 2024 06:00:00 GMT</pubDate>", "X10"), ("<title>Green</title>", "X10"),
            ('<guid isPermaLink="false">one</guid>', "I5"), ('<source url="https://b.example/">B</source>', "X10"),
        )
    ),
    in_channel("rss20/element-channel/multiple_category", "!DuplicateElement",
             "<category>Tea</category><category>Tides</category>"),
    in_item("rss20/element-channel-item/multiple_item_category", "!DuplicateElement",
          "<category>Tea</category><category>Tides</category>"),
    in_item("rss20/element-channel-item/multi-enclosure-test", "DuplicateEnclosure",
          '<enclosure url="https://a.example/1.mp3" length="9" type="audio/mpeg"/>'
          '<enclosure url="https://a.example/2.mp3" length="9" type="audio/mpeg"/>', "I2"),
    in_item("rss20/element-channel-item/invalid_item_element", "UndefinedElement", "<foo>bar</foo>", "X7"),
    in_item("rss20/element-channel-item/invalid_item_no_title_or_description", "ItemMustContainTitleOrDescription",
          "-title -description", "I1 I7"),
    Case("rss20/element-channel/item_too_early", "MisplacedItem",
         feed().replace("</item>", "</item><category>Tides</category>"), "", "any-order"),
    Case("rss20/element-rss/missing_channel", "MissingElement", f"{DECLARATION}\n{RSS}</rss>", "X4"),
    Case("rss20/element-rss/missing_version_attribute", "MissingAttribute", feed(rss=RSS.replace(' version="2.0"', "")),
         "X4"),
    Case("rss20/element-rss/multiple_channel2", "DuplicateElement",
         feed().replace("</rss>", "<channel><title>T</title></channel></rss>"), "X4"),
    *(
        in_channel(f"rss20/element-channel-ttl/{name}", says, f"<ttl>{value}</ttl>", ours)
        for name, says, value, ours in (
            ("ttl", "ValidInteger", "60", ""), ("invalid_ttl_blank", "InvalidInteger", "", "C18"),
            ("invalid_ttl_fractional", "InvalidInteger", "1.5", "C18"),
            ("invalid_ttl_negative", "InvalidInteger", "-60", "C18"),
            ("invalid_ttl_nonnumeric", "InvalidInteger", "sixty", "C18"), ("invalid_ttl_zero", "InvalidInteger", "0",
             "C18"),
        )
    ),
    *(
        in_channel(f"rss20/element-channel-language/{name}", says, f"<language>{value}</language>", ours, why)
        for name, says, value, ours, why in (
            ("language", "ValidLanguage", "en", "", ""), ("language_country_code", "ValidLanguage", "en-us", "", ""),
            ("invalid_language", "InvalidLanguage", "English", "C4", ""),
            ("invalid_language_blank", "InvalidLanguage", "", "C4", ""),
            ("language_iso6392", "ValidLanguage", "UND", "", ""),
        )
    ),
    *(
        in_channel(f"rss20/element-channel-skiphours-hour/{name}", says, f"<skipHours>{hours}</skipHours>", ours)
        for name, says, hours, ours in (
            ("skipHours", "ValidHour", "<hour>12</hour>", ""), ("skipHours_valid_hour_low", "ValidHour",
             "<hour>0</hour>", ""),
            ("skipHours_valid_hour_high", "ValidHour", "<hour>23</hour>", ""),
            ("skipHours_24_hours", "!NotEnoughHoursInTheDay", "".join(f"<hour>{one}</hour>" for one in range(24)), ""),
            ("skipHours_invalid_hour_low", "InvalidHour", "<hour>-1</hour>", "C24"),
            ("skipHours_invalid_hour_high", "InvalidHour", "<hour>25</hour>", "C24"),
            ("skipHours_invalid_hour_fractional", "InvalidHour", "<hour>1.5</hour>", "C24"),
            ("skipHours_obsolete_midnight", "UseZeroForMidnight", "<hour>24</hour>", "C24"),
            ("duplicate_skipHours_noon", "DuplicateValue", "<hour>12</hour><hour>12</hour>", "C24"),
            ("duplicate_skipHours_midnight", "DuplicateValue", "<hour>0</hour><hour>24</hour>", "C24"),
        )
    ),
    in_channel("rss20/element-channel-skiphours/invalid_skipHours_unknown_child", "UndefinedElement",
             "<skipHours><hour>1</hour><foo/></skipHours>", "X7"),
    *(
        in_channel(f"rss20/element-channel-skipdays/{name}", says, f"<skipDays>{days}</skipDays>", ours)
        for name, says, days, ours in (
            ("skipDays", "ValidDay", "<day>Monday</day>", ""),
            ("invalid_skipDays_no_days", "MissingElement", "", "C24"),
            ("invalid_skipDays_too_many_days", "EightDaysAWeek", "<day>Monday</day><day>Fantabuday</day>", "C24"),
            ("invalid_skipDays_unknown_child", "UndefinedElement", "<day>Monday</day><foo/>", "X7"),
        )
    ),
    in_channel("rss/4.1.1.15.1/invalid_skipDays_bad_day", "InvalidDay", "<skipDays><day>Mon</day></skipDays>", "C24"),
    with_cloud("cloud_domain", "ValidCloud", ours=""),
    with_cloud("invalid_cloud_decimal_port", "InvalidIntegerAttribute", 'port="80"', 'port="80.5"'),
    with_cloud("invalid_cloud_negative_port", "InvalidIntegerAttribute", 'port="80"', 'port="-80"'),
    with_cloud("invalid_cloud_nonnumeric_port", "InvalidIntegerAttribute", 'port="80"', 'port="http"'),
    with_cloud("invalid_cloud_zero_port", "InvalidIntegerAttribute", 'port="80"', 'port="0"'),
    with_cloud("invalid_cloud_no_port", "MissingAttribute", 'port="80" '),
    with_cloud("invalid_cloud_no_domain", "MissingAttribute", 'domain="a.example" '),
    with_cloud("invalid_cloud_no_path", "MissingAttribute", 'path="/rpc" '),
    with_cloud("invalid_cloud_no_protocol", "MissingAttribute", ' protocol="soap"'),
    with_cloud("invalid_cloud_no_registerprocedure", "MissingAttribute", 'registerProcedure="ping" '),
    with_input("rss20_textInput", "AvoidTextInput", ours="", why="discouraged"),
    with_input("invalid_textInput_no_title", "MissingTitle", "<title>T</title>"),
    with_input("invalid_textInput_no_description", "MissingDescription", "<description>D</description>"),
    with_input("invalid_textInput_no_name", "MissingElement", "<name>n</name>"),
    with_input("invalid_textInput_no_link", "MissingLink", "<link>https://a.example/s</link>"),
    with_input("multiple_textInput_title", "DuplicateElement", "<title>T</title>", "<title>T</title><title>U</title>",
               "X10"),
    with_input("multiple_textInput_name", "DuplicateElement", "<name>n</name>", "<name>n</name><name>m</name>", "X10"),
    with_input("invalid_textInput_title_contains_html", "ContainsHTML", ">T<", ">&lt;b&gt;T&lt;/b&gt;<", "X9b"),
    with_image("title/image_title", "ValidTitle", ("Tea", "Tea")),
    with_image("title/invalid_image_blank_title", "NotBlank", ("Tea", ""), "C22"),
    with_image("title/image_title_contains_html", "ContainsHTML", ("Tea", "&lt;b&gt;Tea&lt;/b&gt;"), "X9b"),
    with_image("title/image_title_no_match", "ImageTitleDoesntMatch", ("Tea", "Coffee"), "", "image-of-its-own"),
    with_image("link/image_link_no_match", "ImageLinkDoesntMatch", ("a.example/<", "b.example/<"), "",
               "image-of-its-own"),
    with_image("link/invalid_image_link", "InvalidLink", ("https://a.example/<", "a.example<"), "U1"),
    with_image("link/invalid_image_no_link", "MissingLink", ("<link>https://a.example/</link>", ""), "C22"),
    with_image("url/image_url_jpg", "ValidURI", ("s.jpg", "t.jpg")),
    with_image("url/image_url_png", "ValidURI", ("s.jpg", "s.png")),
    with_image("url/image_url_tiff", "ImageUrlFormat", ("s.jpg", "s.tiff"), "", "image-of-its-own"),
    with_image("url/invalid_image_no_url", "MissingElement", ("<url>https://a.example/s.jpg</url>", ""), "C22"),
    with_image("url/invalid_image_url", "InvalidLink", ("https://a.example/s.jpg", "a.example/s.jpg"), "U1"),
    with_image("description/image_title_description_contains_html", "ContainsHTML",
           ("</image>", "<description>&lt;b&gt;x&lt;/b&gt;</description></image>"), "X9b"),
    *(
        with_image(f"{side}/{name}", says, ("</image>", f"<{side}>{value}</{side}></image>"), ours)
        for side, name, says, value, ours in (
            ("height", "image_height", "ValidHeight", "31", ""), ("height", "image_height2", "ValidHeight", "400", ""),
            ("height", "invalid_image_bad_height", "InvalidHeight", "tall", "C22"),
            ("height", "invalid_image_negative_height", "InvalidHeight", "-1", "C22"),
            ("height", "invalid_image_too_high", "InvalidHeight", "401", "C22"),
            ("height", "invalid_image_zero_height", "InvalidHeight", "0", "C22"),
        )
    ),
)  # fmt: skip
