#include "dedup/word_kinds.hpp"

#include <array>
#include <bitset>
#include <vector>

#include "base/text.hpp"
#include "dedup/fingerprint.hpp"
#include "dedup/fold.hpp"

namespace agg::dedup {
namespace {

// Names of one thing in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian,
// Chinese and Japanese, with the endings of cases; the first of a row stands for all. As people write them: the table
// folds them. Words that mean much else, too ("may", "mars"), count as well: being in the table only asks for a closer
// look at a change.
constexpr auto k_numbers = std::to_array<std::string_view>({
    "2 two zwei deux dos due dois duas twee dwa dwie два две двух двум двумя дві двоє двое двоих 二 两 兩 ２",
    "3 three drei trois tres tre três drie trzy три трёх трем тремя трьох троє трое троих 三",
    "4 four vier quatre cuatro quattro quatro cztery четыре четырёх четырем четверо четверых чотири чотирьох 四",
    "5 five fünf cinq cinco cinque vijf pięć пять пяти пятью пятеро п'ять п'яти 五",
    "6 six sechs seis sei zes sześć шесть шести шестью шестеро шість шести 六",
    "7 seven sieben sept siete sette sete zeven siedem семь семи семью сім 七",
    "8 eight acht huit ocho otto oito osiem восемь восьми вісім 八",
    "9 nine neun neuf nueve nove negen dziewięć девять девяти дев'ять дев'яти 九",
    "10 ten zehn diez dieci dez tien dziesięć десять десяти 十",
    "11 eleven elf onze undici jedenaście одиннадцать одиннадцати одинадцять",
    "12 twelve zwölf douze doce dodici doze twaalf dwanaście двенадцать двенадцати дванадцять",
    "13 thirteen dreizehn treize trece tredici тринадцать тринадцяти тринадцять",
    "14 fourteen vierzehn quatorze catorce quattordici четырнадцать чотирнадцять",
    "15 fifteen fünfzehn quinze quince quindici пятнадцать пятнадцати п'ятнадцять",
    "16 sixteen sechzehn seize sedici шестнадцать шістнадцять",
    "17 seventeen siebzehn diecisiete семнадцать сімнадцять",
    "18 eighteen achtzehn dieciocho восемнадцать вісімнадцять",
    "19 nineteen neunzehn diecinueve девятнадцать дев'ятнадцять",
    "20 twenty zwanzig vingt veinte venti vinte twintig двадцать двадцати двадцять",
    "30 thirty dreißig trente treinta trenta trinta dertig тридцать тридцати тридцять",
    "40 forty vierzig quarante cuarenta quaranta quarenta сорок",
    "50 fifty fünfzig cinquante cincuenta cinquanta пятьдесят п'ятдесят",
    "60 sixty sechzig soixante sesenta sessanta шестьдесят шістдесят",
    "70 seventy siebzig setenta settanta семьдесят сімдесят",
    "80 eighty achtzig ochenta ottanta восемьдесят вісімдесят",
    "90 ninety neunzig noventa novanta девяносто дев'яносто",
    "100 hundred hundert cent cien cento cem honderd sto сто ста 百",
    "200 двести двісті",
    "300 триста",
    "thousand tausend mille mil mila duizend tysiąc тысяча тысячи тысяч тысячу тыс тисяча тисячі тисяч тис 千",
    "million millionen millions millón millones milione milioni milhão milhões miljoen milion миллион миллиона "
    "миллионов "
    "млн мільйон мільйона мільйонів mln",
    "billion milliarde milliarden milliard milliards миллиард миллиарда миллиардов млрд мільярд мільярда мільярдів bln "
    "bn",
    "trillion триллион триллиона триллионов трлн трильйон",
    "dozen dutzend douzaine docena dozzina",
    "half hälfte moitié mitad metà metade",
    "once einmal",
    "twice zweimal дважды двічі",
    "1st first erste ersten erster premier première primero primera primo prima primeiro primeira eerste pierwszy "
    "первый первая "
    "первое первого первой первом первую первые перший перша перше першого першої",
    "2nd second zweite zweiten zweiter deuxième segundo segunda secondo seconda tweede drugi второй вторая второе "
    "второго втором "
    "вторую другий",
    "3rd third dritte dritten dritter troisième tercero tercera terzo terza terceiro terceira derde trzeci третий "
    "третья третье "
    "третьего третьей третьем третій третя третього",
    "4th fourth vierte vierten quatrième cuarto cuarta quarto quarta vierde czwarty четвертый четвертая четвертого "
    "четвертой "
    "четвертий четверта",
    "5th fifth fünfte fünften cinquième quinto quinta piąty пятый пятая пятого пятой п'ятий п'ята",
    "6th sixth sechste sixième sexto sesto шестой",
    "7th seventh siebte septième séptimo settimo седьмой",
    "8th eighth achte huitième octavo ottavo восьмой",
    "9th ninth neunte neuvième noveno nono девятый",
    "10th tenth zehnte dixième décimo decimo десятый",
});

constexpr auto k_weekdays = std::to_array<std::string_view>({
    "monday mon montag lundi lunes lunedì maandag poniedziałek понедельник понедельника понедельнику понеділок "
    "понеділка",
    "tuesday tue tues dienstag mardi martes martedì dinsdag wtorek вторник вторника вторнику вівторок вівторка",
    "wednesday wed mittwoch mercredi miércoles mercoledì woensdag środa среда среду среды среде середа середу середи",
    "thursday thu thurs donnerstag jeudi jueves giovedì donderdag czwartek четверг четверга четвергу четвер",
    "friday fri freitag vendredi viernes venerdì vrijdag piątek пятница пятницу пятницы пятнице п'ятниця п'ятницю "
    "п'ятниці",
    "saturday sat samstag sonnabend samedi sábado sabato zaterdag sobota суббота субботу субботы субботе субота суботу "
    "суботи",
    "sunday sun sonntag dimanche domingo domenica zondag niedziela воскресенье воскресенья воскресенью неділя неділю "
    "неділі",
});

constexpr auto k_months = std::to_array<std::string_view>({
    "january jan januar janvier enero gennaio janeiro januari stycznia январь января январе січень січня січні",
    "february feb februar février febrero febbraio fevereiro februari lutego февраль февраля феврале лютий лютого "
    "лютому",
    "march mar märz mars marzo março maart marca март марта марте березень березня березні",
    "april apr avril abril aprile kwietnia апрель апреля апреле квітень квітня квітні",
    "may mai mayo maggio maio mei maja май мая мае травень травня травні",
    "june jun juni juin junio giugno junho czerwca июнь июня июне червень червня червні",
    "july jul juli juillet julio luglio julho lipca июль июля июле липень липня липні",
    "august aug août agosto augustus sierpnia август августа августе серпень серпня серпні",
    "september sep sept septembre septiembre settembre setembro września сентябрь сентября сентябре вересень вересня "
    "вересні",
    "october oct oktober octobre octubre ottobre outubro października октябрь октября октябре жовтень жовтня жовтні",
    "november nov novembre noviembre novembro listopada ноябрь ноября ноябре листопад листопада листопаді",
    "december dec dezember décembre diciembre dicembre dezembro grudnia декабрь декабря декабре грудень грудня грудні",
});

// Each for itself: "no" is not "without".
constexpr std::string_view k_negations =
    "not no never without cannot cant dont doesnt didnt wont isnt arent wasnt werent wouldnt couldnt shouldnt hasnt "
    "havent neither nor nicht kein keine keinen keiner ohne nie pas sans jamais aucun aucune sin nunca non senza mai "
    "não sem geen niet zonder nie bez не нет без нельзя ні немає неможна "
    "不 没 沒 未 无 無 非 勿 ";

// Open addressing: every word of every text is looked up.
class Table {
  public:
    Table() {
        for (const std::string_view row : k_numbers) add_row(row, WordKind::number);
        for (const std::string_view row : k_weekdays) add_row(row, WordKind::weekday);
        for (const std::string_view row : k_months) add_row(row, WordKind::month);
        for (const std::string_view word : split(k_negations, ' '))
            if (const std::uint64_t hash = fingerprint(folded(word)); !word.empty())
                add(hash, {hash, WordKind::negation, {}});
    }
    [[nodiscard]] Meaning find(std::uint64_t hash) const {
        if (!maybe_[place(hash)]) return {hash, WordKind::plain, {}};
        for (std::size_t at = hash % k_slots; slots_[at].word != 0; at = (at + 1) % k_slots)
            if (slots_[at].word == hash) return slots_[at].meaning;
        return {hash, WordKind::plain, {}};
    }

  private:
    static constexpr std::size_t k_slots = 4096;
    static constexpr std::size_t k_places = 65'536;
    static std::size_t place(std::uint64_t hash) { return hash >> 48; }

    struct Slot {
        std::uint64_t word = 0;
        Meaning meaning;
    };

    void add_row(std::string_view row, WordKind kind) {
        const std::vector<std::string_view> names = split(row, ' ');
        const std::uint64_t meaning = fingerprint(folded(names.front()));
        for (const std::string_view name : names) add(fingerprint(folded(name)), {meaning, kind, names.front()});
    }

    void add(std::uint64_t word, Meaning meaning) {
        std::size_t at = word % k_slots;
        while (slots_[at].word != 0 && slots_[at].word != word) at = (at + 1) % k_slots;
        if (slots_[at].word == 0) slots_[at] = {word, meaning};
        maybe_.set(place(word));
    }

    std::vector<Slot> slots_ = std::vector<Slot>(k_slots);
    std::bitset<k_places> maybe_;  // few words are in the table: most are told so by a bit that stays in the cache
};

}  // namespace

Meaning meaning_of_word(std::uint64_t hash) {
    static const Table table;
    return table.find(hash);
}

}  // namespace agg::dedup
