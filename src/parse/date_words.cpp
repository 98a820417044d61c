#include "parse/date_words.hpp"

#include <array>
#include <unordered_map>

#include "base/text.hpp"

namespace agg::parse {
namespace {

// Names, genitives and abbreviations by month. From CLDR's calendars and from feeds in the wild. A word that means different
// months in different languages ("listopad" is October in Croatian and November in Czech and Polish) has the larger readership's.
constexpr std::array<std::string_view, 12> k_months = {
    "jan january januar jänner jaenner jän janvier janv januari jänn gennaio gen enero ene ener janeiro ianuarie ian ianuar styczeń stycznia sty leden ledna "
    "led január január sij siječanj siječnja sausio saus sausis janvāris janvāra jaanuar tammikuu tammikuuta tammi ocak oca "
    "январь января янв янв-ря січень січня січ студзень студзеня януари јануар јануара қаңтар "
    "ιανουάριος ιανουαρίου ιαν ιανουαριος ιανουαριου gener urtarrila januára janúar ינואר يناير كانون-الثاني ม.ค มกราคม tháng-1 जनवरी",
    "feb february februar feber févr fevr février fevrier fév fev febbraio febrero fevereiro februarie luty lutego lut únor února úno "
    "február február velj veljača veljače vasario vas februāris februāra veebruar helmikuu helmikuuta helmi şubat şub subat februari "
    "февраль февраля фев февр лютий лютого лют люты лютага февруари фебруар фебруара ақпан "
    "φεβρουάριος φεβρουαρίου φεβ φεβρουαριος φεβρουαριου febrer otsaila febr febrúar פברואר فبراير ก.พ กุมภาพันธ์ फ़रवरी फरवरी",
    "mar march märz mär maerz mrz mars marzo março marco martie mart marec marca marzec března březen bře března brezna march "
    "március márc marc marc ožujak ožujka ožu kovo kovas kov marts martā mārts märts maaliskuu maaliskuuta maalis maart mrt "
    "март марта мар березень березня бер сакавік сакавіка наурыз "
    "μάρτιος μαρτίου μάρ μαρ μαρτιος μαρτιου març martxoa מרץ مارس มี.ค มีนาคม मार्च",
    "apr april avril avr aprile abril abr aprilie kwiecień kwietnia kwi duben dubna dub április ápr aprila "
    "travanj travnja tra balandžio bal balandis aprīlis aprīļa aprill huhtikuu huhtikuuta huhti nisan nis "
    "апрель апреля апр квітень квітня кві квіт красавік красавіка април сәуір "
    "απρίλιος απριλίου απρ απριλιος απριλιου apirila apríl אפריל أبريل ابريل เม.ย เมษายน अप्रैल",
    "may mai maggio mag mayo maio mei maj maja květen května kvě kvetna máj mája május máj svibanj svibnja svi "
    "gegužės geg gegužė maijs maijā maija toukokuu toukokuuta touko mayıs mayis "
    "май мая травень травня тра трав травень май мај маја мамыр "
    "μάιος μαΐου μαΐ μάι μαιος μαιου μαι maig maiatza maí מאי مايو พ.ค พฤษภาคม मई",
    "jun june juni juin giugno giu junio junho iunie iun czerwiec czerwca cze červen června čvn cervna jún júna június jún "
    "lipanj lipnja birželio birž birželis jūnijs jūnija juuni kesäkuu kesäkuuta kesä haziran haz jun "
    "июнь июня июн червень червня чер черв чэрвень чэрвеня јун јуна маусым юни "
    "ιούνιος ιουνίου ιουν ιούν ιουνιος ιουνιου juny ekaina júní יוני يونيو มิ.ย มิถุนายน जून",
    "jul july juli juil juillet luglio lug julio julho iulie iul lipiec lipca červenec července čvc cervence júl júla július júl "
    "srpanj srpnja liepos liep liepa jūlijs jūlija juuli heinäkuu heinäkuuta heinä temmuz tem "
    "июль июля июл липень липня лип ліпень ліпеня јул јула шілде юли "
    "ιούλιος ιουλίου ιουλ ιούλ ιουλιος ιουλιου juliol uztaila júlí יולי يوليو ก.ค กรกฎาคม जुलाई",
    "aug august août aout aoû agosto ago augustus augusti sierpień sierpnia sie srpen srpna srp augusztus "
    "kolovoz kolovoza kol rugpjūčio rugp rugpjūtis augusts augusta elokuu elokuuta elo ağustos ağu agustos "
    "август августа авг серпень серпня сер серп жнівень жніўня август авг аўгуст тамыз "
    "αύγουστος αυγούστου αυγ αύγ αυγουστος αυγουστου agost abuztua ágúst אוגוסט أغسطس اغسطس ส.ค สิงหาคม अगस्त",
    "sep sept september septembre settembre set septiembre setiembre setembro septembrie wrzesień września wrz září zář zari "
    "szeptember szept rujan rujna ruj rugsėjo rugs rugsėjis septembris septembra syyskuu syyskuuta syys eylül eyl eylul "
    "сентябрь сентября сен сент вересень вересня вер верес верасень верасня септември сеп септ септембар септембра қыркүйек "
    "σεπτέμβριος σεπτεμβρίου σεπ σεπτ σεπτεμβριος σεπτεμβριου setembre iraila septiembre ספטמבר سبتمبر ก.ย กันยายน सितंबर",
    "oct october okt oktober octobre ottobre ott octubre outubro out octombrie październik października paź pazdziernika "
    "říjen října říj rijna október oktobra októbra okt spalio spalis oktobris oktoober lokakuu lokakuuta loka ekim eki "
    "октябрь октября окт жовтень жовтня жов жовт кастрычнік кастрычніка октомври октобар октобра қазан "
    "οκτώβριος οκτωβρίου οκτ οκτωβριος οκτωβριου octubre urria אוקטובר أكتوبر اكتوبر ต.ค ตุลาคม अक्टूबर",
    "nov november novembre noviembre novembro noiembrie noi listopad listopadu lis listopada novembra lapkričio lapkr lapkritis "
    "novembris marraskuu marraskuuta marras kasım kas kasim studeni studenoga stu "
    "ноябрь ноября ноя нояб листопад листопада лис лист лістапад лістапада ноември ное новембар новембра қараша "
    "νοέμβριος νοεμβρίου νοε νοέ νοεμβριος νοεμβριου azaroa nóvember נובמבר نوفمبر พ.ย พฤศจิกายน नवंबर",
    "dec december dez dezember déc decembre décembre dicembre dic diciembre dezembro decembrie grudzień grudnia gru prosinec "
    "prosince pro prosinac prosinca decembra gruodžio gruod gruodis decembris detsember joulukuu joulukuuta joulu aralık ara aralik "
    "декабрь декабря дек грудень грудня гру груд снежань снежня декември децембар децембра желтоқсан "
    "δεκέμβριος δεκεμβρίου δεκ δεκεμβριος δεκεμβριου desembre abendua desember des דצמבר ديسمبر ธ.ค ธันวาคม दिसंबर"};

struct Zone {
    std::string_view name;
    int minutes;
};

// RFC 822 and the abbreviations that feeds use. Where one means several zones, the one that news sites mean.
constexpr auto k_zones = std::to_array<Zone>({
    {"z", 0},       {"ut", 0},      {"utc", 0},     {"gmt", 0},     {"wet", 0},     {"zulu", 0},    {"uct", 0},
    {"est", -300},  {"edt", -240},  {"cst", -360},  {"cdt", -300},  {"mst", -420},  {"mdt", -360},  {"pst", -480},
    {"pdt", -420},  {"akst", -540}, {"akdt", -480}, {"hst", -600},  {"ast", -240},  {"adt", -180},  {"nst", -210},
    {"ndt", -150},  {"bst", 60},    {"ist", 330},   {"west", 60},   {"cet", 60},    {"met", 60},    {"mez", 60},
    {"cest", 120},  {"mest", 120},  {"mesz", 120},  {"mewt", 60},   {"eet", 120},   {"eest", 180},  {"msk", 180},   {"msd", 240},
    {"jst", 540},   {"kst", 540},   {"hkt", 480},   {"sgt", 480},   {"pht", 480},   {"wib", 420},   {"wita", 480},
    {"wit", 540},   {"ict", 420},   {"pkt", 300},   {"npt", 345},   {"aest", 600},  {"aedt", 660},  {"acst", 570},
    {"acdt", 630},  {"awst", 480},  {"nzst", 720},  {"nzdt", 780},  {"nzt", 720},   {"brt", -180},  {"brst", -120}, {"art", -180},
    {"clt", -240},  {"clst", -180}, {"cot", -300},  {"pet", -300},  {"vet", -240},  {"sast", 120},  {"cat", 120},
    {"eat", 180},   {"wat", 60},    {"trt", 180},   {"irst", 210},  {"gst", 240},   {"fst", 120},   {"swt", 60},
    {"sst", -660},  {"yekt", 300},  {"omst", 360},  {"novt", 420},  {"krat", 420},  {"irkt", 480},  {"vlat", 600},
    {"idt", 180},   {"almt", 300},
});

enum class Summer { none, europe, america };
struct Place {
    std::string_view name;
    int minutes;
    Summer summer;
};

// Zones whose offset the date decides: American two-letter names and the cities that feeds name.
constexpr auto k_places = std::to_array<Place>({
    {"at", -240, Summer::america},
    {"et", -300, Summer::america},
    {"ct", -360, Summer::america},
    {"mt", -420, Summer::america},
    {"pt", -480, Summer::america},
    {"america/new_york", -300, Summer::america},
    {"us/eastern", -300, Summer::america},
    {"america/toronto", -300, Summer::america},
    {"america/detroit", -300, Summer::america},
    {"america/chicago", -360, Summer::america},
    {"us/central", -360, Summer::america},
    {"america/denver", -420, Summer::america},
    {"us/mountain", -420, Summer::america},
    {"america/phoenix", -420, Summer::none},
    {"america/los_angeles", -480, Summer::america},
    {"us/pacific", -480, Summer::america},
    {"america/vancouver", -480, Summer::america},
    {"america/sao_paulo", -180, Summer::none},
    {"america/argentina/buenos_aires", -180, Summer::none},
    {"america/bogota", -300, Summer::none},
    {"america/lima", -300, Summer::none},
    {"america/mexico_city", -360, Summer::none},
    {"europe/london", 0, Summer::europe},
    {"europe/dublin", 0, Summer::europe},
    {"europe/lisbon", 0, Summer::europe},
    {"europe/berlin", 60, Summer::europe},
    {"europe/brussels", 60, Summer::europe},
    {"europe/paris", 60, Summer::europe},
    {"europe/madrid", 60, Summer::europe},
    {"europe/rome", 60, Summer::europe},
    {"europe/amsterdam", 60, Summer::europe},
    {"europe/vienna", 60, Summer::europe},
    {"europe/zurich", 60, Summer::europe},
    {"europe/stockholm", 60, Summer::europe},
    {"europe/oslo", 60, Summer::europe},
    {"europe/copenhagen", 60, Summer::europe},
    {"europe/prague", 60, Summer::europe},
    {"europe/warsaw", 60, Summer::europe},
    {"europe/budapest", 60, Summer::europe},
    {"europe/belgrade", 60, Summer::europe},
    {"europe/zagreb", 60, Summer::europe},
    {"europe/athens", 120, Summer::europe},
    {"europe/helsinki", 120, Summer::europe},
    {"europe/bucharest", 120, Summer::europe},
    {"europe/sofia", 120, Summer::europe},
    {"europe/kiev", 120, Summer::europe},
    {"europe/kyiv", 120, Summer::europe},
    {"europe/riga", 120, Summer::europe},
    {"europe/vilnius", 120, Summer::europe},
    {"europe/tallinn", 120, Summer::europe},
    {"europe/istanbul", 180, Summer::none},
    {"europe/moscow", 180, Summer::none},
    {"europe/minsk", 180, Summer::none},
    {"asia/tokyo", 540, Summer::none},
    {"asia/seoul", 540, Summer::none},
    {"asia/shanghai", 480, Summer::none},
    {"asia/hong_kong", 480, Summer::none},
    {"asia/taipei", 480, Summer::none},
    {"asia/singapore", 480, Summer::none},
    {"asia/manila", 480, Summer::none},
    {"asia/jakarta", 420, Summer::none},
    {"asia/bangkok", 420, Summer::none},
    {"asia/ho_chi_minh", 420, Summer::none},
    {"asia/kolkata", 330, Summer::none},
    {"asia/calcutta", 330, Summer::none},
    {"asia/dubai", 240, Summer::none},
    {"asia/karachi", 300, Summer::none},
    {"asia/almaty", 300, Summer::none},
    {"australia/brisbane", 600, Summer::none},
    {"africa/johannesburg", 120, Summer::none},
    {"africa/cairo", 120, Summer::none},
    {"africa/lagos", 60, Summer::none},
    {"etc/utc", 0, Summer::none},
    {"etc/gmt", 0, Summer::none},
});

// Summer time by today's rules: Europe changes at 01:00 UTC on the last Sundays of March and October, North America at 02:00 local
// time on the second Sunday of March and the first of November.
bool is_summer(Summer rule, int offset, std::chrono::local_seconds local) {
    using namespace std::chrono;
    if (rule == Summer::none) return false;
    const year y = year_month_day{floor<days>(local)}.year();
    if (rule == Summer::europe) {
        const local_seconds from = local_days{y / March / Sunday[last]} + hours{1} + minutes{offset};
        const local_seconds to = local_days{y / October / Sunday[last]} + hours{2} + minutes{offset};
        return local >= from && local < to;
    }
    const local_seconds from = local_days{y / March / Sunday[2]} + hours{2};
    const local_seconds to = local_days{y / November / Sunday[1]} + hours{2};
    return local >= from && local < to;
}

}  // namespace

std::string lower_for_dates(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto first = static_cast<unsigned char>(text[at]);
        if (first < 0x80) {
            out += ascii_lower(text[at]);
            continue;
        }
        if ((first & 0xE0) != 0xC0 || at + 1 >= text.size()) {
            out += text[at];
            continue;
        }
        char32_t c = static_cast<char32_t>((first & 0x1F) << 6) | (static_cast<unsigned char>(text[++at]) & 0x3F);
        if (c >= 0xC0 && c <= 0xDE && c != 0xD7) c += 32;
        else if (c >= 0x100 && c <= 0x137) c |= 1;
        else if (c >= 0x139 && c <= 0x148) c += c & 1;
        else if (c >= 0x14A && c <= 0x177) c |= 1;
        else if (c >= 0x179 && c <= 0x17E) c += c & 1;
        else if (c == 0x386) c = 0x3AC;
        else if (c >= 0x388 && c <= 0x38A) c += 37;
        else if (c == 0x38C) c = 0x3CC;
        else if (c >= 0x391 && c <= 0x3AB) c += 32;
        else if (c >= 0x400 && c <= 0x40F) c += 80;
        else if (c >= 0x410 && c <= 0x42F) c += 32;
        else if (c >= 0x460 && c <= 0x4FF) c |= 1;
        append_utf8(out, c);
    }
    return out;
}

std::optional<int> month_of(std::string_view word) {
    static const auto table = [] {
        std::unordered_map<std::string_view, int> months;
        for (std::size_t i = 0; i < k_months.size(); ++i)
            for (const std::string_view name : split(k_months[i], ' ')) months.emplace(name, static_cast<int>(i) + 1);
        return months;
    }();
    const auto found = table.find(word);
    return found == table.end() ? std::nullopt : std::optional{found->second};
}

std::optional<std::chrono::minutes> zone_of(std::string_view word, std::chrono::local_seconds date) {
    for (const Zone& zone : k_zones)
        if (zone.name == word) return std::chrono::minutes{zone.minutes};
    for (const Place& place : k_places)
        if (place.name == word) return std::chrono::minutes{place.minutes + (is_summer(place.summer, place.minutes, date) ? 60 : 0)};
    return std::nullopt;
}

}  // namespace agg::parse
