#include "clean/tracking_parameters.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace agg::clean {
namespace {

// Names alone. Sources: the documentation of the services themselves where they state the parameter, and the parameters
// that the published lists of ClearURLs, Brave, Firefox (query stripping), AdGuard (filter 17) and Neat URL agree on.
// Lower case.
// clang-format off
constexpr auto k_names = std::to_array<std::string_view>({
    "__hsfp", "__hssc", "__hstc",                  // HubSpot analytics
    "__s",                                         // Drip
    "__twitter_impression",                        // Twitter
    "__readwiselocation",                          // Readwise
    "_bhlid",                                      // beehiiv
    "_branch_match_id", "_branch_referrer",        // Branch
    "_bta_c", "_bta_tid",                          // Bronto
    "_ga", "_gl",                                  // Google Analytics, cross-domain linker
    "_hsenc", "_hsmi",                             // HubSpot mail
    "_ke", "_kx",                                  // Klaviyo
    "_openstat",                                   // Openstat
    "action_object_map", "action_ref_map", "action_type_map",  // Facebook
    "adjust_campaign", "adjust_tracker",           // Adjust
    "admitad_uid",                                 // Admitad
    "awc",                                         // Awin
    "beehiiv_ads",                                 // beehiiv
    "bsft_clkid", "bsft_eid", "bsft_uid",          // Blueshift
    "ceneo_spo",                                   // Ceneo
    "cmpid",                                       // campaign id of Reuters, Bloomberg and others
    "cndid",                                       // Conde Nast mail
    "dclid",                                       // Google DoubleClick
    "dm_i",                                        // dotdigital
    "ecid",                                        // Adobe Experience Cloud
    "ef_id",                                       // Adobe Advertising
    "elqtrack", "elqtrackid",                      // Oracle Eloqua
    "emci", "emdi",                                // EveryAction
    "epik",                                        // Pinterest
    "et_rid",                                      // Salesforce mail
    "fb_ref", "fb_source", "fbclid",  // Facebook
    "ga_source",                                   // Google Analytics
    "gad_campaignid", "gad_source",                // Google Ads
    "gbraid",                                      // Google Ads, applications
    "gclid", "gclsrc",                             // Google Ads
    "gs_l",                                        // Google search
    "guccounter", "guce_referrer", "guce_referrer_sig",  // Yahoo consent
    "hsctatracking",                               // HubSpot
    "icid",                                        // internal campaign
    "igsh", "igshid",                              // Instagram
    "ir_adid", "ir_campaignid", "ir_partnerid", "irclickid", "irgwc",  // Impact
    "li_fat_id",                                   // LinkedIn
    "mc_cid", "mc_eid", "mc_tc",                   // Mailchimp
    "mindbox-click-id", "mindbox-message-key",     // Mindbox
    "mkevt", "mkrid", "mkwid",                     // eBay, Marin
    "mkt_tok",                                     // Marketo
    "ml_subscriber", "ml_subscriber_hash",         // MailerLite
    "msclkid",                                     // Microsoft Advertising
    "nr_email_referer",                            // newsletters
    "ns_campaign", "ns_fee", "ns_linkname", "ns_mchannel", "ns_source",  // comScore
    "oft_c", "oft_ck", "oft_d", "oft_id", "oft_k", "oft_lk", "oft_sk",  // Omeda
    "oly_anon_id", "oly_enc_id",                   // Omeda
    "pk_campaign", "pk_cid", "pk_content", "pk_keyword", "pk_kwd", "pk_medium", "pk_source",  // Piwik
    "rb_clickid",                                  // Russian ad networks
    "ref_src", "ref_url",                          // Twitter embeds
    "rtd_cid",                                     // Rakuten
    "s_cid",                                       // Adobe Analytics
    "s_kwcid",                                     // Adobe Advertising
    "sc_campaign", "sc_channel", "sc_medium",      // Sitecore, AWS
    "sc_cid", "sc_eid", "sc_uid", "sc_lid", "sc_llid", "sc_src",  // SALESmanago
    "scclid",                                      // Snapchat
    "sfmc_id", "sfmc_activityid",                  // Salesforce Marketing Cloud
    "soc_src", "soc_trk",                          // Yahoo
    "spjobid", "spmailingid", "spreportid", "spuserid",  // Silverpop
    "srsltid",                                     // Google Merchant
    "ss_campaign_id", "ss_campaign_name", "ss_campaign_sent_date", "ss_email_id", "ss_source",  // SharpSpring
    "sthash",                                      // ShareThis
    "tblci",                                       // Taboola
    "tduid",                                       // Tradedoubler
    "trk_contact", "trk_module", "trk_msg", "trk_sid",  // Listrak
    "ttclid",                                      // TikTok
    "twclid",                                      // Twitter
    "vero_conv", "vero_id",                        // Vero
    "vmcid",                                       // Verizon Media
    "wbraid",                                      // Google Ads
    "wickedid",                                    // Wicked Reports
    "wt_mc", "wt_zmc", "wtmc",                     // Webtrekk
    "xtor",                                        // AT Internet
    "yclid",                                       // Yandex Direct
    "ymclid", "ysclid",                            // Yandex Market, Yandex search
    "zanpid",                                      // Zanox
});
// clang-format on

// Beginnings of names. Sources as above: Google Analytics (utm_), AT Internet (at_), Facebook, Humble Bundle (hmb_),
// HubSpot Ads (hsa_), internal campaigns (itm_), Matomo and Piwik (mtm_, matomo_, piwik_), Webtrends (wt.).
// clang-format off
constexpr auto k_prefixes = std::to_array<std::string_view>({
    "at_campaign", "at_medium", "at_creation", "at_custom", "at_format", "at_link", "at_platform", "at_ptr", "at_variant", "at_bbc",
    "fb_action_", "hmb_", "hsa_", "itm_", "matomo_", "mtm_", "otm_", "piwik_", "utm_", "utm-", "wt.",
});
// clang-format on

// Names that mean something else on most sites.
struct HostParameter {
    std::string_view host;  // and everything below
    std::string_view name;
};
// clang-format off
constexpr auto k_host_names = std::to_array<HostParameter>({
    {"amazon.com", "ref_"}, {"amazon.com", "tag"}, {"amazon.com", "linkcode"}, {"amazon.com", "pd_rd_r"}, {"amazon.com", "pd_rd_w"},
    {"amazon.com", "pd_rd_wg"}, {"amazon.com", "pf_rd_p"}, {"amazon.com", "pf_rd_r"}, {"amazon.com", "psc"},
    {"amazon.de", "ref_"}, {"amazon.de", "tag"}, {"amazon.co.uk", "ref_"}, {"amazon.co.uk", "tag"},
    {"bbc.co.uk", "ocid"}, {"bbc.com", "ocid"},
    {"bloomberg.com", "srnd"}, {"bloomberg.com", "sref"},
    {"dw.com", "maca"}, {"engadget.com", "src"}, {"faz.net", "gepc"},
    {"aol.com", "ncid"}, {"engadget.com", "ncid"}, {"forbes.com", "sh"}, {"ft.com", "ftcamp"}, 
    {"instagram.com", "hl"}, {"lemonde.fr", "lmd_medium"}, {"lemonde.fr", "lmd_campaign"}, {"lemonde.fr", "lmd_creation"},
    {"linkedin.com", "trk"}, {"linkedin.com", "trackingid"}, {"linkedin.com", "refid"}, {"linkedin.com", "midtoken"},
    {"medium.com", "source"}, {"msn.com", "ocid"}, {"msn.com", "cvid"},
    {"newyorker.com", "mbid"}, {"nytimes.com", "smid"}, {"nytimes.com", "partner"}, {"nytimes.com", "emc"}, {"nytimes.com", "referringsource"}, {"nytimes.com", "searchresultposition"},
    {"open.spotify.com", "si"}, {"reddit.com", "rdt"}, {"reddit.com", "share_id"}, {"reddit.com", "ref"}, {"reddit.com", "ref_source"},
    {"substack.com", "r"}, {"theguardian.com", "cmp"}, {"theguardian.com", "ref"}, {"tiktok.com", "_r"}, {"tiktok.com", "_t"},
    {"twitter.com", "s"}, {"twitter.com", "t"}, {"x.com", "s"}, {"x.com", "t"},
    {"washingtonpost.com", "wprss"}, {"wired.com", "mbid"}, {"wsj.com", "mod"}, {"youtube.com", "feature"}, {"youtube.com", "si"}, {"youtube.com", "pp"},
    {"youtu.be", "si"}, {"youtu.be", "feature"},
    {"spiegel.de", "sara_ref"}, {"zdnet.com", "ftag"}, {"cnet.com", "ftag"},
    {"cbsnews.com", "ftag"}, {"techcrunch.com", "ncid"}, {"techrepublic.com", "ftag"}, {"cbc.ca", "cmp"},
    {"aliexpress.com", "spm"}, {"taobao.com", "spm"}, {"bilibili.com", "spm_id_from"}, {"bilibili.com", "vd_source"},
    {"ria.ru", "rcmd_alg"}, {"lenta.ru", "from"}, {"gazeta.ru", "from"}, {"habr.com", "from"},
});
// clang-format on

template <std::size_t size>
constexpr auto sorted(std::array<std::string_view, size> names) {
    std::sort(names.begin(), names.end());
    return names;
}
constexpr auto k_sorted_names = sorted(k_names);
static_assert(std::adjacent_find(k_sorted_names.begin(), k_sorted_names.end()) == k_sorted_names.end(),
              "a name stands twice");

bool host_within(std::string_view host, std::string_view domain) {
    if (!host.ends_with(domain)) return false;
    return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

bool is_tracking_parameter(std::string_view host, std::string_view name) {
    const std::string lower = ascii_lower(name);
    if (std::binary_search(k_sorted_names.begin(), k_sorted_names.end(), lower)) return true;
    if (std::any_of(k_prefixes.begin(), k_prefixes.end(),
                    [&](std::string_view prefix) { return lower.starts_with(prefix); }))
        return true;
    return std::any_of(k_host_names.begin(), k_host_names.end(), [&](const HostParameter& entry) {
        return lower == entry.name && host_within(host, entry.host);
    });
}

bool is_tracking_fragment(std::string_view fragment) {
    const std::size_t equals = fragment.find('=');
    if (equals == std::string_view::npos) return false;
    for (const std::string_view pair : split(fragment, '&')) {
        const std::string_view name = pair.substr(0, pair.find('='));
        if (name.empty() || !is_tracking_parameter("", name)) return false;
    }
    return true;
}

}  // namespace agg::clean
