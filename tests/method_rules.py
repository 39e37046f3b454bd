"""The rules of method by their numbers in the list made from the source, and ways to break each.

A fault is an edit in a copy of the rules or the evidence, or something else in the place of a
function of the engine. With it stands the test or case that must fail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tests import method_faults as engine
from tests.breaking import Fault, add, evidence, figure, lose, pack, series, swap


@dataclass(frozen=True)
class Rule:
    """What a rule of method is, and ways to break it."""

    says: str
    faults: tuple[Fault, ...]


def rule(says: str, *faults: Fault) -> Rule:
    """A rule with its faults."""
    return Rule(says, faults)


UNGRADED = swap(
    "ungraded: The inspection checks that arrangements to test preparedness exist, and gives no grade",
    "ladder: standard",
)
REVIEW = "file-review-summary.yaml"
SPECIALIST = "specialist-capabilities.yaml"
CHARGED = "charged-or-summonsed-share"
ABUSE_CHARGED = "domestic-abuse-charged-or-summonsed-rate"
GROUPS = "organised-crime-groups-rate"
SATISFACTION = "victim-satisfaction"
VULNERABLE = "vulnerable-victim-share"
ARRESTS_ASKED_ABOUT = (
    series("domestic-abuse-arrest-rate", swap("corroborating", "deciding")),
    pack(
        "indicators.yaml",
        add(
            "  arrests: {title: Arrests, method: value, series: [domestic-abuse-arrest-rate],"
            " unit: percent}\n"
        ),
    ),
    pack(
        "protecting-vulnerable-people.yaml",
        swap(
            "        improve: understand and improve its outcomes in domestic abuse\n",
            "        basis: pack\n"
            "        meets: {observed: {}}\n"
            "        falls-short: {indicator: arrests, at-most: 30, basis: pack}\n"
            "        improve: understand and improve its outcomes\n",
        ),
    ),
)

RULES: Mapping[int, Rule] = {
    1: rule(
        "The fifth question has findings and no grade, and is no part of the overall judgment",
        Fault(
            "the fifth question has a ladder",
            pack(SPECIALIST, UNGRADED),
            "ungraded-question-stays-out-of-the-overall",
        ),
        Fault(
            "strengths of the fifth question count",
            pack(SPECIALIST, UNGRADED),
            "ungraded-question-does-not-lift-the-overall",
        ),
        Fault(
            "the fifth question has no findings",
            engine.findings_of_ungraded_questions_lost,
            "ungraded-question-stays-out-of-the-overall",
        ),
    ),
    2: rule(
        "The grades are four words",
        Fault(
            "there is a fifth grade",
            pack(
                "pack.yaml",
                swap(
                    "    requires-improvement: {label:",
                    '    adequate: {label: Adequate, symbol: "a"}\n'
                    "    requires-improvement: {label:",
                ),
            ),
            "test_rule_2_the_grades_are_four_and_ungraded_is_none_of_them",
        ),
        Fault(
            "a ladder may have any word as a rung",
            engine.any_word_a_rung,
            "test_rule_2_a_rung_with_another_word_is_refused",
        ),
        Fault(
            "an earlier judgment may be any word",
            engine.any_word_an_earlier_grade,
            "test_rule_2_an_earlier_judgment_in_another_word_is_refused",
        ),
    ),
    3: rule(
        "The overall judgment answers one question, on keeping people safe and reducing crime",
        Fault(
            "the overall judgment does not say what it answers",
            pack("pack.yaml", swap("Overall, keeping people safe and reducing crime", "Overall")),
            "test_rules_3_and_4_the_overall_answers_one_question_and_names_what_entered_it",
        ),
    ),
    4: rule(
        "The overall judgment names what was taken into account",
        Fault(
            "the questions are not named",
            engine.what_entered_the_overall_not_named,
            "test_rules_3_and_4_the_overall_answers_one_question_and_names_what_entered_it",
        ),
        Fault(
            "the question that is not counted is not named",
            engine.what_was_not_counted_not_named,
            "test_rules_3_and_4_the_overall_answers_one_question_and_names_what_entered_it",
        ),
    ),
    5: rule(
        "A judgment is set beside that of last year where there is one",
        Fault(
            "better and worse are exchanged",
            engine.trend_turned_round,
            "trend-improved-and-deteriorated",
        ),
        Fault(
            "no earlier judgment is read as the same",
            engine.trend_the_same_where_no_earlier_judgment_is_known,
            "trend-same-as-last-year",
        ),
        Fault(
            "the oldest judgment is the earlier one",
            engine.trend_beside_the_oldest_judgment,
            "trend-is-beside-the-newest-earlier-judgment",
        ),
        Fault(
            "the earlier grade is taken over",
            engine.an_earlier_grade_taken_over,
            "an-earlier-grade-does-not-set-this-one",
        ),
    ),
    6: rule(
        "Questions are made of sub-questions, which are not graded",
        Fault(
            "a question is no better than its worst sub-question",
            engine.a_question_no_better_than_its_worst_sub_question,
            "one-weak-sub-question-does-not-sink-a-question",
        ),
        Fault(
            "the overall counts sub-questions",
            engine.sub_questions_counted,
            "test_rule_6_no_grade_counts_a_sub_question",
            in_loading=True,
        ),
        Fault(
            "two sub-questions are one",
            pack(
                "serious-and-organised-crime.yaml",
                swap(
                    "  preventing-organised-crime:\n"
                    "    title: Preventing serious and organised crime\n"
                    "    cite: Q4, prevent serious and organised crime\n"
                    "    criteria:\n",
                    "",
                ),
            ),
            "test_rule_6_questions_are_made_of_sub_questions_and_of_context",
        ),
        Fault(
            "a sub-question reads as if it were graded",
            engine.sub_questions_said_like_grades,
            "test_rule_6_where_a_sub_question_stands_is_said_not_to_be_a_grade",
        ),
    ),
    7: rule(
        "A question may have no area for improvement, and only the second has one",
        Fault(
            "whatever is only met is to be improved",
            pack(
                "pack.yaml",
                swap("is: [falls-short, conflicted]}", "is: [meets, falls-short, conflicted]}"),
            ),
            "nothing-to-improve-is-valid",
        ),
        Fault(
            "silence is to be improved",
            pack("pack.yaml", swap("    other: meets", "    other: falls-short")),
            "test_rule_7_without_a_weakness_there_is_none_and_everything_is_graded",
        ),
        Fault(
            "a blemish is coded as a weakness of substance",
            evidence(
                "fieldwork-serious-and-organised-crime.yaml",
                swap("severity: minor", "severity: moderate"),
                "  - id: oc-009",
            ),
            "test_rule_7_one_question_has_areas_for_improvement_and_the_others_have_none",
        ),
    ),
    8: rule(
        "An area for improvement keeps the year in which it was first raised, until it is closed",
        Fault("every area is new", engine.every_area_called_new, "area-for-improvement-persists"),
        Fault(
            "an area that was closed is followed",
            engine.closed_areas_followed,
            "area-for-improvement-new",
        ),
        Fault(
            "an area that was closed is raised again",
            engine.every_earlier_area_raised_again,
            "area-for-improvement-closed",
        ),
        Fault(
            "what was only suggested is not followed",
            engine.suggestions_not_followed,
            "area-for-improvement-persists-from-a-suggestion",
        ),
        Fault(
            "an area on another matter gives its year",
            engine.areas_on_other_matters_followed,
            "area-for-improvement-raised-later",
        ),
        Fault(
            "an area of a later year is an earlier one",
            engine.later_areas_followed,
            "test_rule_8_what_was_raised_after_the_as_of_date_is_no_earlier_finding",
        ),
        Fault(
            "the year is not said",
            engine.the_year_not_said,
            "test_rule_8_an_area_for_improvement_says_since_when_and_whether_it_is_new",
        ),
    ),
    9: rule(
        "Outstanding may stand beside weaknesses and good beside areas for improvement",
        Fault(
            "a mitigation counts for nothing",
            pack(
                "investigating-crime.yaml",
                swap(
                    "falls-short: {weakness: {severity: moderate, unmitigated: true}}",
                    "falls-short: {weakness: {severity: moderate}}",
                ),
                "      call-assessment:",
            ),
            "mitigated-weakness-is-no-area-for-improvement",
        ),
        Fault(
            "a weakness of substance counts for nothing",
            pack(
                "investigating-crime.yaml",
                swap(
                    "falls-short: {weakness: {severity: moderate, unmitigated: true}}",
                    "falls-short: {weakness: {severity: serious, unmitigated: true}}",
                ),
                "      call-assessment:",
            ),
            "the-same-weakness-unmitigated-is-one",
        ),
        Fault(
            "a mitigation in part counts for nothing",
            engine.mitigation_in_part_ignored,
            "test_rule_9_a_weakness_that_is_partly_mitigated_is_said_and_raised_as_nothing_more",
        ),
        Fault(
            "outstanding asks that everything exceeds",
            pack(
                "pack.yaml",
                swap(
                    "{count: [exceeds], of: core, all-but: 1}",
                    "{count: [exceeds], of: criteria, all-but: 0}",
                ),
            ),
            "outstanding-beside-a-mitigated-weakness",
        ),
        Fault(
            "areas for improvement are counted",
            pack(
                "pack.yaml",
                swap(
                    "      core-concern:\n",
                    "      many-areas:\n"
                    "        at-best: requires-improvement\n"
                    "        when: {findings: area-for-improvement, of: criteria, at-least: 4}\n"
                    "        because: there is much to improve\n"
                    "        basis: pack\n"
                    "      core-concern:\n",
                ),
            ),
            "good-beside-many-areas-for-improvement",
        ),
    ),
    10: rule(
        "Causes of concern and areas for improvement are followed into the next inspection",
        Fault(
            "earlier findings are forgotten",
            engine.earlier_findings_forgotten,
            "test_rule_10_what_is_found_now_is_followed_until_it_is_closed",
        ),
        Fault(
            "an open area holds nothing",
            pack(
                "pack.yaml",
                swap(
                    "{previous: area-for-improvement, status: [unresolved], at-least: 1}",
                    "{previous: area-for-improvement, status: [unresolved], at-least: 9}",
                ),
            ),
            "test_rule_10_an_open_area_is_followed_into_the_next_inspection",
        ),
        Fault(
            "an open concern holds nothing",
            pack(
                "pack.yaml",
                swap(
                    "{previous: cause-of-concern, status: [unresolved], at-least: 1}",
                    "{previous: cause-of-concern, status: [unresolved], at-least: 9}",
                ),
            ),
            "test_rule_10_a_cause_of_concern_is_followed_until_it_is_closed",
        ),
        Fault(
            "the open area is recorded as closed",
            evidence("previous.yaml", swap("status: unresolved", "status: resolved")),
            "test_rule_10_an_open_area_is_followed_into_the_next_inspection",
        ),
    ),
    11: rule(
        "One force was inspected in June as a pilot, the others from September",
        Fault(
            "what was seen before September does not count",
            engine.only_the_autumn_counted,
            "test_rule_11_a_pilot_inspected_earlier_is_read_and_graded_as_the_others",
        ),
        Fault(
            "the pack is in force from September",
            pack("pack.yaml", swap("{from: 2015-01-01,", "{from: 2016-09-01,")),
            "test_rule_11_the_pack_is_in_force_when_the_pilot_is_inspected",
        ),
    ),
    12: rule(
        "Crime rates alone never set a grade",
        Fault(
            "the level of crime is a criterion",
            pack(
                "preventing-crime.yaml",
                lambda text: text.replace(
                    "    context: true\n    topics:\n      crime-levels: ",
                    "    criteria:\n      little-crime:\n        says: There is little crime\n"
                    "        cite: Q1\n        core: true\n        improve: have less crime\n"
                    "        recommend: have less crime\n        topics:\n"
                    "          crime-levels: ",
                ),
            ),
            "crime-rates-set-no-grade",
        ),
        Fault(
            "little crime shows that powers are used well",
            (
                pack(
                    "preventing-crime.yaml",
                    swap("      crime-levels: What the recorded", "      crime-course: What the"),
                ),
                pack(
                    "preventing-crime.yaml",
                    swap(
                        "          asb-incidents: ",
                        "          crime-levels: How much crime there is\n          asb-incidents: ",
                    ),
                ),
            ),
            "low-crime-sets-no-grade-either",
        ),
        Fault(
            "a change in recorded crime may be asked about",
            series("recorded-crime-change-one-year", swap("context-only", "corroborating")),
            "test_rule_12_no_series_of_recorded_crime_may_be_asked_about",
        ),
        Fault(
            "whatever is only context may be asked about",
            engine.every_series_asked_about,
            "test_rule_12_a_pack_that_asks_about_crime_rates_is_refused",
        ),
    ),
    13: rule(
        "The arrest rate is weighed alongside other measures",
        Fault(
            "the arrest rate decides",
            series("domestic-abuse-arrest-rate", swap("corroborating", "deciding")),
            "test_rule_13_an_arrest_rate_counts_beside_fieldwork_alone",
        ),
        Fault(
            "that arrests are not followed to offences is not said",
            series("domestic-abuse-arrest-rate", lose("arrests-not-tracked")),
            "test_rule_13_an_arrest_rate_counts_beside_fieldwork_alone",
        ),
        Fault(
            "a low arrest rate is a weakness",
            ARRESTS_ASKED_ABOUT,
            "arrest-rate-decides-nothing-alone",
        ),
    ),
    14: rule(
        "Whether a force is capable is beyond the inspection: it checks that arrangements exist",
        Fault("capability is graded", pack(SPECIALIST, UNGRADED), "preparedness-is-not-judged"),
        Fault(
            "how far the inspection goes is not said",
            pack(
                SPECIALIST,
                swap(
                    "The inspection checks that arrangements to test preparedness exist, and"
                    " gives no grade",
                    "No grade",
                ),
            ),
            "test_rule_14_the_ungraded_question_says_how_far_the_inspection_goes",
        ),
    ),
    15: rule(
        "A review of files is never the sole basis, and counts alongside other evidence",
        Fault(
            "a review of files decides",
            pack("pack.yaml", swap("file-review: corroborating", "file-review: deciding")),
            "file-review-alone-shows-no-weakness",
        ),
        Fault(
            "a review of files decides for the better",
            pack("pack.yaml", swap("file-review: corroborating", "file-review: deciding")),
            "file-review-alone-shows-no-strength",
        ),
        Fault(
            "two kinds that corroborate decide together",
            engine.two_that_corroborate_decide,
            "file-review-with-a-figure-is-not-enough",
        ),
        Fault(
            "a review of files takes the place of fieldwork",
            engine.fieldwork_not_matched_beside_a_review_of_files,
            "file-review-beside-fieldwork",
        ),
        Fault(
            "a share of files decides",
            pack("pack.yaml", swap("file-review: corroborating", "file-review: deciding")),
            "allocation-in-files-alone",
        ),
        Fault(
            "a share of files on calls decides",
            pack("pack.yaml", swap("file-review: corroborating", "file-review: deciding")),
            "risk-recorded-in-files-alone",
        ),
        Fault(
            "a review of files counts for nothing",
            engine.reviews_of_files_not_matched,
            "file-review-adds-to-fieldwork",
        ),
        Fault(
            "how the files were drawn is recorded wrongly",
            evidence(REVIEW, swap("sampling: random", "sampling: not-random"), "  - id: fr-006"),
            "test_rules_15_16_17_samples_are_recorded_as_they_were_drawn",
        ),
    ),
    16: rule(
        "The voluntary survey of staff opens enquiries and assesses no force",
        Fault(
            "a voluntary sample decides",
            pack("pack.yaml", swap("survey/voluntary: lead-only", "survey/voluntary: deciding")),
            "staff-survey-decides-nothing",
        ),
        Fault(
            "how a sample was drawn is not looked at",
            engine.every_sample_taken_as_random,
            "staff-survey-decides-nothing",
        ),
        Fault(
            "what staff say in a survey is a weakness",
            (
                pack(
                    "pack.yaml", swap("survey/voluntary: lead-only", "survey/voluntary: deciding")
                ),
                pack(
                    "indicators.yaml",
                    add(
                        "  little-time: {title: Time, method: survey, unit: percent, survey:"
                        " {survey: staff-survey, item: time-on-problem-solving,"
                        " answer: low-share}}\n"
                    ),
                ),
                pack(
                    "preventing-crime.yaml",
                    swap(
                        "        improve: evaluate its tactics",
                        "        basis: pack\n"
                        "        meets: {observed: {}}\n"
                        "        falls-short: {indicator: little-time, at-least: 90, basis: pack}\n"
                        "        improve: evaluate its tactics",
                    ),
                ),
            ),
            "staff-survey-lowers-nothing",
        ),
        Fault(
            "the survey of staff is recorded as a sample",
            evidence("surveys.csv", swap(",voluntary,", ",statistical,"), "sv-003,"),
            "test_rules_15_16_17_samples_are_recorded_as_they_were_drawn",
        ),
    ),
    17: rule(
        "The online panel gives an indication of satisfaction and nothing absolute",
        Fault(
            "the panel decides",
            pack(
                "pack.yaml", swap("survey/quota-panel: indicative", "survey/quota-panel: deciding")
            ),
            "public-survey-alone-is-an-indication",
        ),
        Fault(
            "the panel counts for nothing",
            pack(
                "pack.yaml",
                swap("survey/quota-panel: indicative", "survey/quota-panel: context-only"),
            ),
            "public-survey-beside-fieldwork",
        ),
        Fault(
            "low satisfaction is a weakness",
            (
                pack(
                    "pack.yaml",
                    swap("survey/quota-panel: indicative", "survey/quota-panel: deciding"),
                ),
                pack(
                    "preventing-crime.yaml",
                    swap(
                        "falls-short: {weakness: {severity: moderate, unmitigated: true}}",
                        "falls-short: {indicator: public-satisfaction, at-most: 30, basis: pack}",
                    ),
                    "      public-confidence:",
                ),
            ),
            "low-public-satisfaction-alone-is-no-weakness",
        ),
        Fault(
            "an interval is claimed for the panel",
            engine.an_interval_claimed_of_any_sample,
            "test_rule_17_a_panel_gives_an_indication_and_no_interval",
        ),
        Fault(
            "that it is a panel is not said",
            pack("indicators.yaml", swap("    caveats: [public-survey-quota-panel]\n", "")),
            "test_rule_17_a_panel_gives_an_indication_and_no_interval",
        ),
    ),
    18: rule(
        "Outcomes are read with the mix of crimes in mind",
        Fault(
            "charges do not carry the caveat",
            series(CHARGED, lose("outcomes-vary-with-crime-mix")),
            "a-figure-beside-fieldwork",
        ),
        Fault(
            "cautions in domestic abuse do not carry the caveat",
            series("domestic-abuse-cautions-adults-rate", lose("outcomes-vary-with-crime-mix")),
            "test_rule_18_every_outcome_carries_that_the_mix_of_crimes_moves_it",
        ),
        Fault(
            "caveats are not said in rationales",
            engine.caveats_not_said,
            "test_rule_18_the_caveat_is_said_wherever_an_outcome_is_used",
        ),
        Fault(
            "a share of outcomes is enough alone",
            pack(
                "investigating-crime.yaml",
                swap(
                    "                - all:\n"
                    "                    - {indicator: charged-against-england-and-wales,"
                    " at-least: 3, basis: pack}\n"
                    "                    - {observed: {effect: observed, excluding:"
                    " {extent: some}}}\n",
                    "                - {indicator: charged-against-england-and-wales,"
                    " at-least: 3, basis: pack}\n",
                ),
            ),
            "a-figure-alone-decides-nothing",
        ),
    ),
    19: rule(
        "Changes in recorded crime are read with better recording in mind",
        Fault(
            "the change of a year does not carry the caveat",
            series("recorded-crime-change-one-year", lose("crime-recording-focus")),
            "crime-changes-carry-their-caveats",
        ),
        Fault(
            "the change of five years does not carry the caveat",
            series("victim-based-crime-change-five-years", lose("crime-recording-focus")),
            "test_rule_19_recorded_crime_carries_that_recording_has_improved",
        ),
        Fault(
            "caveats of series do not travel",
            engine.caveats_of_series_left_behind,
            "crime-changes-carry-their-caveats",
        ),
    ),
    20: rule(
        "Incidents of anti-social behaviour are checked less, and are those that police recorded",
        Fault(
            "that they are checked less is not said",
            series("anti-social-behaviour-rate", lose("asb-quality-assurance")),
            "a-year-against-the-year-before",
        ),
        Fault(
            "that others record them too is not said",
            series(
                "anti-social-behaviour-repeat-victims-rate", lose("asb-recorded-incidents-only")
            ),
            "test_rule_20_incidents_of_anti_social_behaviour_say_what_they_do_not_count",
        ),
        Fault(
            "they may be asked about",
            series("anti-social-behaviour-rate", swap("context-only", "corroborating")),
            "test_rule_20_incidents_of_anti_social_behaviour_say_what_they_do_not_count",
        ),
    ),
    21: rule(
        "Figures that are inconsistent or unlike those of others are queried",
        Fault(
            "two values of one figure are not queried",
            engine.two_values_not_queried,
            "test_rule_21_figures_that_do_not_fit_each_other_are_queried",
        ),
        Fault(
            "a figure unlike all others is not queried",
            engine.what_is_unlike_others_not_queried,
            "test_rule_21_what_is_inconsistent_or_unlike_all_others_is_queried",
        ),
        Fault(
            "one of two values is changed without a word",
            figure("m-048", ",durham,41,", ",durham,40,"),
            "test_rule_21_figures_that_do_not_fit_each_other_are_queried",
        ),
    ),
    22: rule(
        "One of the highest or lowest means a quarter of forces by rank; rounding is not stated",
        Fault(
            "a fifth is ranked highest",
            pack("series.yaml", swap("    share: 0.25", "    share: 0.2")),
            "test_rule_22_a_quarter_of_43_is_ten_or_eleven",
        ),
        Fault(
            "the way to round counts as published",
            pack(
                "series.yaml", lambda text: re.sub(r"    basis: pack   # the share.*\n", "", text)
            ),
            "a-band-that-rounding-decides-is-not-given",
        ),
        Fault(
            "one way to round is chosen",
            engine.rounding_chosen,
            "test_rule_22_a_band_is_a_quarter_of_those_ranked_and_open_where_rounding_decides",
        ),
        Fault(
            "bands go by distance",
            engine.rank_by_distance,
            "broadly-in-line-by-rank-and-not-by-distance",
        ),
        Fault("the lowest is first", engine.rank_from_the_lowest, "highest-quarter"),
        Fault("the highest is last", engine.rank_from_the_lowest, "lowest-quarter"),
        Fault(
            "ties are always included",
            engine.ties_always_included,
            "a-band-that-a-tie-decides-is-not-given",
        ),
        Fault("a few bodies are ranked", engine.few_bodies_ranked, "a-band-needs-every-body"),
        Fault(
            "the inspection's own figures are ranked",
            engine.own_figures_taken_for_a_table,
            "no-band-without-a-table",
        ),
    ),
    23: rule(
        "Outcomes are ranked so, and nothing else",
        Fault(
            "victim satisfaction is ranked",
            series(SATISFACTION, swap("    caveats:", "    bands: quarters\n    caveats:")),
            "test_rule_23_outcomes_are_ranked_and_nothing_else",
        ),
        Fault(
            "one outcome is not ranked",
            series("cautions-youths-share", swap("    bands: quarters\n", "")),
            "test_rule_23_outcomes_are_ranked_and_nothing_else",
        ),
        Fault(
            "anything may be ranked",
            engine.anything_ranked,
            "test_rule_23_a_pack_that_ranks_anything_else_is_refused",
        ),
    ),
    24: rule(
        "The comparator of victim satisfaction is the mean of forces; others are pooled",
        Fault(
            "the comparator of satisfaction is pooled",
            series(SATISFACTION, swap("mean-of-bodies", "pooled")),
            "test_rule_24_the_comparator_of_satisfaction_is_a_mean_and_others_are_pooled",
        ),
        Fault(
            "a mean is made by size",
            engine.a_mean_made_as_a_pooled_rate,
            "test_rule_24_a_mean_counts_bodies_and_a_pooled_rate_counts_cases",
        ),
        Fault(
            "a pooled rate is made as a mean",
            engine.a_pooled_rate_made_as_a_mean,
            "test_rule_24_a_mean_counts_bodies_and_a_pooled_rate_counts_cases",
        ),
        Fault(
            "that it is a mean is not said",
            series(SATISFACTION, lose("satisfaction-mean-of-forces")),
            "satisfaction-is-set-against-a-plain-mean",
        ),
    ),
    25: rule(
        "Totals leave out the British Transport Police",
        Fault(
            "totals of outcomes do not say it",
            series(CHARGED, lose("british-transport-police-excluded")),
            "a-figure-beside-fieldwork",
        ),
        Fault(
            "totals of crime do not say it",
            series("sexual-offences-rate", lose("british-transport-police-excluded")),
            "test_rule_25_totals_say_which_body_they_leave_out",
        ),
        Fault(
            "the share of domestic abuse does not say it",
            series("domestic-abuse-crime-share", lose("british-transport-police-excluded")),
            "test_rule_25_totals_say_which_body_they_leave_out",
        ),
    ),
    26: rule(
        "Rates are of the population of mid-2015; one force counts those who pass through",
        Fault(
            "how people were counted is not said",
            series("right-to-ask-rate", swap("    caveats: [population-estimates]\n", "")),
            "rates-carry-how-population-was-estimated",
        ),
        Fault(
            "one rate is of another population",
            series("right-to-know-rate", swap("population-mid-2015", "population-mid-2014")),
            "test_rule_26_rates_per_head_are_of_one_population_and_say_how_it_was_counted",
        ),
        Fault(
            "the force that counts otherwise is not named",
            pack(
                "series.yaml",
                swap("mid-2015; for City of London, residents", "mid-2015; residents"),
            ),
            "test_rule_26_rates_per_head_are_of_one_population_and_say_how_it_was_counted",
        ),
    ),
    27: rule(
        "Burglary in a dwelling is per household",
        Fault(
            "households are read as people",
            (
                series(
                    "burglary-in-a-dwelling-rate",
                    swap("per-1000-households", "per-1000-population"),
                ),
                series(
                    "burglary-in-a-dwelling-rate",
                    swap("denominator: households", "denominator: population-mid-2015"),
                ),
            ),
            "test_rule_27_a_rate_per_household_is_not_set_against_a_rate_per_head",
        ),
        Fault(
            "units are not compared",
            engine.units_not_compared,
            "test_rule_27_a_rate_per_household_is_not_set_against_a_rate_per_head",
        ),
        Fault(
            "that it is per household is not said",
            series("burglary-in-a-dwelling-rate", lose("households-denominator")),
            "test_rule_27_a_rate_per_household_is_not_set_against_a_rate_per_head",
        ),
    ),
    28: rule(
        "Tracked outcomes are never compared with untracked ones",
        Fault(
            "one outcome of both tables may be compared",
            series(CHARGED, swap(f"    not-comparable-with: [{ABUSE_CHARGED}]\n", "")),
            "test_rule_28_one_outcome_in_both_tables_is_named_as_not_comparable",
        ),
        Fault(
            "what is named as not comparable is compared",
            engine.named_series_not_looked_at,
            "test_rule_28_one_outcome_in_both_tables_is_named_as_not_comparable",
        ),
        Fault(
            "what they are shares of is not looked at",
            engine.denominators_not_compared,
            "test_rule_28_tracked_outcomes_are_never_set_against_untracked_ones",
        ),
        Fault(
            "a comparator of another series is taken",
            engine.any_comparator_taken,
            "domestic-abuse-outcomes-are-not-set-against-all-outcomes",
        ),
        Fault(
            "that they are tracked is not said",
            series(CHARGED, lose("tracked-and-untracked-outcomes")),
            "tracked-outcomes-say-that-they-are",
        ),
    ),
    29: rule(
        "Organised crime groups are not compared with earlier years",
        Fault(
            "the rate may be compared",
            series(GROUPS, swap("    not-comparable-with: [earlier-years]\n", "")),
            "organised-crime-groups-do-not-compare-with-earlier-years",
        ),
        Fault(
            "the types may be compared",
            series(
                "organised-crime-groups-by-type-share",
                swap("    not-comparable-with: [earlier-years]\n", ""),
            ),
            "test_rules_29_30_some_figures_are_not_set_against_earlier_years[rule-29, type]",
        ),
        Fault(
            "earlier years are always compared",
            engine.earlier_years_not_looked_at,
            "organised-crime-groups-do-not-compare-with-earlier-years",
        ),
    ),
    30: rule(
        "Calls for assistance are not compared with the year before",
        Fault(
            "calls may be compared",
            series(
                "calls-for-assistance-rate", swap("    not-comparable-with: [earlier-years]\n", "")
            ),
            "test_rules_29_30_some_figures_are_not_set_against_earlier_years[rule-30, calls]",
        ),
        Fault(
            "calls about domestic abuse may be compared",
            series(
                "domestic-abuse-calls-rate", swap("    not-comparable-with: [earlier-years]\n", "")
            ),
            "test_rules_29_30_some_figures_are_not_set_against_earlier_years[rule-30, abuse]",
        ),
        Fault(
            "earlier years are always compared",
            engine.earlier_years_not_looked_at,
            "test_rules_29_30_some_figures_are_not_set_against_earlier_years[rule-30, calls]",
        ),
    ),
    31: rule(
        "Outcomes are those of the release of October 2016 and can still change",
        Fault(
            "charges do not say it",
            series(CHARGED, lose("outcomes-subject-to-change")),
            "tracked-outcomes-say-that-they-are",
        ),
        Fault(
            "crimes without a suspect do not say it",
            series("no-suspect-identified-share", lose("outcomes-subject-to-change")),
            "test_rule_31_outcomes_can_still_change_and_say_of_when_they_are",
        ),
        Fault(
            "a figure is of another release",
            figure("m-070", ",October 2016,", ",July 2016,"),
            "test_rule_31_outcomes_can_still_change_and_say_of_when_they_are",
        ),
    ),
    32: rule(
        "Each force has its own definition of a vulnerable victim, so forces compare poorly",
        Fault(
            "there is one definition",
            series(VULNERABLE, swap("definition: varies", "definition: national")),
            "each-body-has-its-own-definition-of-vulnerable",
        ),
        Fault(
            "definitions are not compared",
            engine.definitions_not_compared,
            "each-body-has-its-own-definition-of-vulnerable",
        ),
    ),
    33: rule(
        "Evidential difficulties depend on the mix of crimes",
        Fault(
            "one row does not say it",
            series(
                "evidential-difficulties-victim-does-not-support-suspect-identified-share",
                lose("evidential-difficulties-depend-on-mix"),
            ),
            "test_rule_33_evidential_difficulties_say_that_the_mix_of_crime_moves_them",
        ),
        Fault(
            "caveats of series do not travel",
            engine.caveats_of_series_left_behind,
            "test_rule_33_evidential_difficulties_say_that_the_mix_of_crime_moves_them",
        ),
    ),
    34: rule(
        "Dorset is left out of outcomes",
        Fault(
            "Dorset is kept in charges",
            series(CHARGED, swap("    excludes: [dorset]\n", "")),
            "test_rules_34_35_a_body_without_sound_outcomes_is_in_no_rank_and_no_comparator"
            "[rule-34]",
        ),
        Fault(
            "Dorset is kept in cautions",
            series("cautions-youths-share", swap("    excludes: [dorset]\n", "")),
            "test_rules_34_35_every_outcome_leaves_out_the_bodies_without_sound_outcomes[rule-34]",
        ),
        Fault(
            "nobody is left out",
            engine.nobody_left_out,
            "test_rules_34_35_a_body_without_sound_outcomes_is_in_no_rank_and_no_comparator"
            "[rule-34]",
        ),
    ),
    35: rule(
        "Nottinghamshire is left out of outcomes in domestic abuse",
        Fault(
            "Nottinghamshire is kept in charges",
            series(ABUSE_CHARGED, swap("[dorset, nottinghamshire]", "[dorset]")),
            "test_rules_34_35_a_body_without_sound_outcomes_is_in_no_rank_and_no_comparator"
            "[rules-34-35]",
        ),
        Fault(
            "Nottinghamshire is kept in evidential difficulties",
            series(
                "domestic-abuse-evidential-difficulties-victim-supports-rate",
                swap("[dorset, nottinghamshire]", "[dorset]"),
            ),
            "test_rules_34_35_every_outcome_leaves_out_the_bodies_without_sound_outcomes"
            "[rules-34-35]",
        ),
    ),
    36: rule(
        "Five forces are left out of vulnerable victims, and one supplied eight months",
        Fault(
            "one of the five is kept",
            series(VULNERABLE, lose("essex")),
            "test_rule_36_five_bodies_leave_the_share_of_vulnerable_victims_and_parts_of_a_year_stay",
        ),
        Fault(
            "a part of the year is not allowed for",
            series(VULNERABLE, swap("    partial: vulnerability-forces-missing\n", "")),
            "test_rule_36_five_bodies_leave_the_share_of_vulnerable_victims_and_parts_of_a_year_stay",
        ),
        Fault(
            "that a figure is of a part of the year is not said",
            engine.estimates_not_said,
            "test_rule_36_five_bodies_leave_the_share_of_vulnerable_victims_and_parts_of_a_year_stay",
        ),
    ),
    37: rule(
        "City of London is left out of groups; Warwickshire and West Mercia are one",
        Fault(
            "City of London is kept",
            series(GROUPS, swap("    excludes: [city-of-london]\n", "")),
            "test_rule_37_one_body_is_left_out_of_groups_and_two_are_counted_as_one",
        ),
        Fault(
            "the two are counted apart",
            engine.nobody_counted_together,
            "test_rule_37_one_body_is_left_out_of_groups_and_two_are_counted_as_one",
        ),
        Fault(
            "the two are counted apart and together",
            series(
                GROUPS,
                swap(
                    "    combined: {warwickshire-and-west-mercia: [warwickshire, west-mercia]}\n",
                    "",
                ),
            ),
            "test_rule_37_the_parts_of_what_is_counted_as_one_are_not_counted_again",
        ),
        Fault(
            "nobody is left out",
            engine.nobody_left_out,
            "test_rule_37_the_parts_of_what_is_counted_as_one_are_not_counted_again",
        ),
    ),
    38: rule(
        "Humberside is left out of types of groups",
        Fault(
            "Humberside is kept in types",
            series(
                "organised-crime-groups-by-type-share", swap("    excludes: [humberside]\n", "")
            ),
            "test_rule_38_one_body_is_left_out_of_types_of_groups",
        ),
        Fault(
            "Humberside is kept in drugs",
            series(
                "organised-crime-groups-drug-activity-share",
                swap("    excludes: [humberside]\n", ""),
            ),
            "test_rule_38_one_body_is_left_out_of_types_of_groups",
        ),
    ),
    39: rule(
        "Two forces supplied three quarters of outcomes, which is enough for shares",
        Fault(
            "three quarters are not enough for charges",
            series(CHARGED, swap("    partial: three-quarters-of-data\n", "")),
            "test_rule_39_three_quarters_of_a_year_stay_in_the_ranking",
        ),
        Fault(
            "three quarters are not enough for cautions",
            series("cautions-adults-share", swap("    partial: three-quarters-of-data\n", "")),
            "test_rule_39_every_share_of_outcomes_allows_a_part_of_the_year",
        ),
        Fault(
            "three quarters are enough for anything",
            engine.parts_of_periods_taken_as_whole,
            "a-part-of-a-year-is-not-enough-for-a-rate",
        ),
        Fault(
            "that they are three quarters is not said",
            series(
                CHARGED,
                lambda block: lose("three-quarters-of-data")(block).replace(
                    "    partial: three-quarters-of-data\n",
                    "    partial: dorset-outcomes-excluded\n",
                ),
            ),
            "three-quarters-of-a-year-are-enough-for-a-share",
        ),
    ),
    40: rule(
        "Three forces take part in a pilot of disposals out of court",
        Fault(
            "the pilot is not known to cautions",
            series("cautions-adults-share", lambda block: re.sub(r"    pilots: .*\n", "", block)),
            "test_rule_40_a_pilot_is_kept_in_mind",
        ),
        Fault(
            "those in the pilot are compared with nobody",
            series("cautions-adults-share", swap("with-caveat", "refused")),
            "test_rule_40_a_pilot_is_kept_in_mind",
        ),
        Fault(
            "that a force is in the pilot is not said",
            engine.caveats_of_pilots_left_behind,
            "test_rule_40_the_pilot_is_told_of_those_who_take_part",
        ),
    ),
    41: rule(
        "Incidents of one force are estimated in part, those of two were corrected",
        Fault(
            "an estimate is not used",
            engine.estimates_not_used,
            "test_rule_41_estimates_are_compared_and_say_what_they_are",
        ),
        Fault(
            "that it is an estimate is not said",
            engine.estimates_not_said,
            "test_rule_41_estimates_are_compared_and_say_what_they_are",
        ),
        Fault(
            "the caveat is lost",
            series("anti-social-behaviour-rate", lose("asb-estimates-and-corrections")),
            "a-year-against-the-year-before",
        ),
        Fault(
            "one that was corrected is not named",
            pack(
                "series.yaml", swap("South Yorkshire and Bedfordshire use", "South Yorkshire uses")
            ),
            "test_rule_41_estimates_are_compared_and_say_what_they_are",
        ),
    ),
    42: rule(
        "A figure that was not supplied is neither zero nor a failing",
        Fault("missing is zero", engine.missing_read_as_zero, "missing-figure-is-not-zero"),
        Fault("zero is missing", engine.zero_read_as_missing, "zero-is-a-figure"),
        Fault(
            "missing use of a power is none",
            engine.missing_read_as_zero,
            "a-figure-that-was-not-supplied-is-not-zero",
        ),
        Fault(
            "without arrests there is no saying what a force is",
            ARRESTS_ASKED_ABOUT,
            "missing-figure-is-no-weakness",
        ),
        Fault(
            "missing is the lowest",
            engine.missing_read_as_zero,
            "test_rule_42_a_body_that_supplied_nothing_is_in_no_rank_and_is_not_the_lowest",
        ),
        Fault(
            "the arrests are recorded as none",
            figure(
                "m-153",
                "durham,,percent,,,no,missing,the force was not able to supply figures on these"
                " arrests,",
                "durham,0,percent,,,no,ok,,",
            ),
            "test_rule_42_the_arrests_that_were_not_supplied_are_recorded_as_missing",
        ),
    ),
    43: rule(
        "A dash means that no figure was supplied",
        Fault(
            "a dash is zero",
            engine.a_dash_read_as_zero,
            "test_rule_43_a_dash_is_read_neither_as_zero_nor_as_nothing",
        ),
        Fault(
            "a dash is an empty cell",
            engine.a_dash_read_as_nothing,
            "test_rule_43_a_dash_is_read_neither_as_zero_nor_as_nothing",
        ),
        Fault(
            "an empty cell is zero",
            engine.an_empty_cell_read_as_zero,
            "test_rule_43_an_empty_cell_says_why_it_is_empty",
        ),
        Fault(
            "a comparator that is missing is zero",
            engine.missing_read_as_zero,
            "dash-of-a-comparator",
        ),
    ),
    44: rule(
        "Figures may miss their total by rounding",
        Fault(
            "figures are taken as exact",
            engine.figures_taken_as_exact,
            "test_rule_44_the_groups_of_the_report_miss_their_total_by_rounding",
        ),
        Fault(
            "any total will do",
            engine.any_total_accepted,
            "test_rule_44_parts_may_miss_their_total_by_rounding_and_by_no_more",
        ),
    ),
    45: rule(
        "Whoever is left out leaves denominator and comparator together",
        Fault(
            "whoever is left out stays in the comparator",
            engine.nobody_left_out,
            "test_rule_45_a_body_that_is_left_out_leaves_the_denominator_too",
        ),
        Fault(
            "a body that is left out has a value of its own",
            engine.nobody_left_out,
            "test_rule_45_whoever_a_series_excludes_has_no_value_of_it",
        ),
        Fault(
            "the series leaves nobody out",
            series(CHARGED, swap("    excludes: [dorset]\n", "")),
            "test_rule_45_a_body_that_is_left_out_leaves_the_denominator_too",
        ),
    ),
    46: rule(
        "Domestic abuse is of those aged 16 or over, partners or family, flagged since April 2015",
        Fault(
            "the share does not say what it counts",
            series(
                "domestic-abuse-crime-share",
                swap("    definition: aged-16-or-over-partners-or-family\n", ""),
            ),
            "test_rules_46_47_48_series_say_what_they_count",
        ),
        Fault(
            "definitions are not compared",
            engine.definitions_not_compared,
            "domestic-abuse-by-another-definition",
        ),
        Fault(
            "when flagging began is not known",
            series(
                "domestic-abuse-crime-share", lambda block: re.sub(r"    breaks: .*\n", "", block)
            ),
            "domestic-abuse-before-and-after-flagging",
        ),
    ),
    47: rule(
        "Definitions of a vulnerable victim come from several sources, and the force has its own",
        Fault(
            "there is one definition",
            series(VULNERABLE, swap("definition: varies", "definition: national")),
            "test_rules_46_47_48_series_say_what_they_count",
        ),
        Fault(
            "that definitions differ is not said",
            series(VULNERABLE, lose("vulnerability-definition-varies")),
            "each-body-has-its-own-definition-of-vulnerable",
        ),
    ),
    48: rule(
        "Of four questions on satisfaction, that on the whole experience is used",
        Fault(
            "the series does not say which question",
            series(SATISFACTION, swap("    definition: whole-experience\n", "")),
            "test_rules_46_47_48_series_say_what_they_count",
        ),
        Fault(
            "definitions are not compared",
            engine.definitions_not_compared,
            "satisfaction-with-one-stage-is-another-thing",
        ),
        Fault(
            "the caveat is lost",
            series(SATISFACTION, lose("satisfaction-whole-experience")),
            "victim-satisfaction-against-the-mean-of-forces",
        ),
    ),
    49: rule(
        "Periods matter: years to March, years to June, and points in time",
        Fault(
            "periods are not compared",
            engine.periods_not_compared,
            "years-that-end-on-different-days",
        ),
        Fault(
            "a point in time is a year",
            engine.periods_not_compared,
            "test_rule_49_a_point_in_time_is_not_a_year",
        ),
        Fault(
            "one period is as long as another",
            engine.every_period_as_long_as_another,
            "a-year-against-a-quarter",
        ),
        Fault(
            "incidents are dated as crimes are",
            figure("m-015", "2015-04-01,2016-03-31", "2015-07-01,2016-06-30"),
            "test_rule_49_figures_are_of_the_periods_that_the_report_names",
        ),
        Fault(
            "groups are dated as a year",
            figure("m-025", ",,2016-07-01,", ",2015-07-01,2016-06-30,"),
            "test_rule_49_figures_are_of_the_periods_that_the_report_names",
        ),
    ),
    50: rule(
        "What stands in a footnote says which, and whose document it is from",
        Fault(
            "the footnote is lost",
            evidence(
                "fieldwork-serious-and-organised-crime.yaml",
                swap("    footnote: 35\n", ""),
                "  - id: oc-115",
            ),
            "test_rule_50_what_stands_in_a_footnote_says_which",
        ),
        Fault(
            "the footnote of a figure is lost",
            figure("m-206", ",footnote 35,", ",,"),
            "test_rule_50_what_stands_in_a_footnote_says_which",
        ),
        Fault(
            "sources are not said",
            engine.sources_not_said,
            "test_rule_50_what_stands_in_a_footnote_says_which",
        ),
    ),
}
